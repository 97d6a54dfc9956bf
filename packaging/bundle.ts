// Makes one file of the program and all of its packages. `node packaging/bundle.ts FILE` writes it for a look at it.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile, type Plugin } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * What is computed at run time can be anything: the runtime would look for a package that is not inside in the working
 * directory, where anybody may have put one.
 */
const OUTSIDE = {
  'indirect-require': 'error',
  'require-resolve-not-external': 'error',
  'unsupported-dynamic-import': 'error',
  'unsupported-require-call': 'error',
} as const

/**
 * @param file where to write it; its folder must exist. The project must be built, for the manifest
 * @returns the files inside, relative to the project
 * @throws when something is missing in it
 */
export async function bundle(file: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    // Not the folder in which this happens to be built.
    define: {
      __dirname: '"/self-contained"',
      __filename: '"/self-contained/program.cjs"',
      'import.meta.url': '"file:///self-contained/program.cjs"',
      // Neither the compiler's idea of it nor an operator's variable.
      'process.env.NODE_ENV': '"production"',
    },
    entryPoints: ['packaging/program.ts'],
    // One CommonJS file: the bytecode compiler takes nothing else, and modules in it stay unevaluated until required.
    format: 'cjs',
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    logOverride: OUTSIDE,
    // The ES modules of a package where it has both, so that what is not used can be left out.
    mainFields: ['module', 'main'],
    metafile: true,
    minify: true,
    outfile: file,
    platform: 'node',
    plugins: [shippedInside, oclifInside],
    target: 'node24',
  })
  checkNothingOutside(metafile)
  const [output] = Object.values(metafile.outputs)
  return Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? path : [],
  )
}

/** No look-up of files at run time: what stands beside the code otherwise is put into it. */
const shippedInside: Plugin = {
  name: 'shipped-inside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]lib[\\/]machine[\\/]self-contained\.ts$/ }, () => ({
      contents: 'export const SELF_CONTAINED = true',
      loader: 'js',
    }))
    onLoad({ filter: /[\\/]src[\\/]cli[\\/]shipped\.ts$/ }, () => {
      const json = (path: string) => JSON.stringify(JSON.parse(readFileSync(resolve(root, path), 'utf8')))
      // As a text until it is wanted: parsing it then is faster than running it as code.
      const contents = `
        import { dirname } from 'node:path'
        export const ROOT = dirname(process.execPath)
        export const PACKAGE = ${json('package.json')}
        export const readManifest = () => JSON.parse(${JSON.stringify(json('dist/manifest.json'))})`
      return { contents, loader: 'js' }
    })
  },
}

/**
 * Forms of oclif's modules for a program whose one plugin is given to it. The real ones look for plugins, package.json
 * and TypeScript around the program and in the working directory, and would run what they find there.
 */
const OCLIF: Readonly<Record<string, string>> = {
  // What is used of it, without what its index loads besides. An import of something else fails here.
  'index.js': `
    export * as Args from '@oclif/core/args'
    export { Command } from '@oclif/core/command'
    export { Config } from '@oclif/core/config'
    export { execute } from '@oclif/core/execute'
    export * as Flags from '@oclif/core/flags'
    export { CommandHelp, Help } from '@oclif/core/help'`,
  'config/plugin.js': 'export class Plugin {}',
  'config/ts-path.js': 'export const tsPath = async (root, path) => path',
  'module-loader.js': `
    const never = async (_, path) => { throw new Error('nothing is loaded from ' + path) }
    export { never as load, never as loadWithData, never as loadWithDataFromManifest }
    export const isPathModule = never`,
}

const oclifInside: Plugin = {
  name: 'oclif-inside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, ({ path }) => {
      const module = path.replace(/.*[\\/]core[\\/]lib[\\/]/, '').replaceAll('\\', '/')
      const contents = OCLIF[module]
      return contents === undefined ? undefined : { contents, loader: 'js', resolveDir: dirname(path) }
    })
  },
}

/** @throws when something is imported that is neither inside nor part of the runtime */
function checkNothingOutside({ outputs }: Metafile): void {
  const imported = Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  const outside = imported.filter((path) => !isBuiltin(path))
  if (outside.length > 0) throw new Error(`not inside the program: ${outside.join(', ')}`)
}

if (import.meta.main) {
  const [file] = process.argv.slice(2)
  if (file === undefined) throw new Error('usage: node packaging/bundle.ts FILE')
  await bundle(resolve(file))
}
