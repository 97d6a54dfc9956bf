// Makes one file of the program and all of its packages. `node packaging/bundle.ts FILE` writes it for a look at it.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @param file where to write it; its folder must exist. The project must be built, for the manifest */
export async function bundle(file: string): Promise<void> {
  await build({
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
    // The ES modules of a package where it has both, so that what is not used can be left out.
    mainFields: ['module', 'main'],
    minify: true,
    outfile: file,
    platform: 'node',
    plugins: [shippedInside, oclifInside],
    target: 'node24',
  })
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
 * What is used of oclif, without its index: that one looks for a package.json around the program to compare versions of
 * Node, and loads all the rest too. An import of something else fails here.
 */
const oclifInside: Plugin = {
  name: 'oclif-inside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/]index\.js$/ }, ({ path }) => {
      const contents = `
        export * as Args from '@oclif/core/args'
        export { Command } from '@oclif/core/command'
        export { Config } from '@oclif/core/config'
        export { execute } from '@oclif/core/execute'
        export * as Flags from '@oclif/core/flags'
        export { CommandHelp, Help } from '@oclif/core/help'`
      return { contents, loader: 'js', resolveDir: dirname(path) }
    })
  },
}

if (import.meta.main) {
  const [file] = process.argv.slice(2)
  if (file === undefined) throw new Error('usage: node packaging/bundle.ts FILE')
  await bundle(resolve(file))
}
