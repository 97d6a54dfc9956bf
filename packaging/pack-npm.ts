// Makes the package for npm in packages/npm/: what is installed, and nothing of what only a checkout needs. The project
// must be built. Prints the tarball, which is published as it is.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Config } from '@oclif/core'
import { PLUGIN } from './release-names.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUTPUT = join(ROOT, 'packages/npm')
/** Below the project, so that its dependencies are found while the manifest is made. */
const STAGE = join(OUTPUT, 'package')
/** For a CLI made with oclif that has this package as a plugin: its commands then are those of a topic. */
const COMMANDS = `dist/plugin/${PLUGIN}`

const {
  scripts: _scripts,
  devDependencies: _dev,
  optionalDependencies: _node,
  ...kept
} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const published = {
  ...kept,
  files: [...kept.files, 'oclif.manifest.json'],
  oclif: {
    ...kept.oclif,
    commands: './dist/plugin',
    topics: { [PLUGIN]: { description: kept.description } },
  },
  // Only where a build can prove where it comes from.
  publishConfig: { access: 'public', provenance: true },
}

rmSync(OUTPUT, { force: true, recursive: true })
mkdirSync(STAGE, { recursive: true })
for (const path of kept.files as string[]) {
  mkdirSync(dirname(join(STAGE, path)), { recursive: true })
  // Nobody imports it: no declarations.
  const filter = (source: string) => !source.endsWith('.d.ts')
  cpSync(join(ROOT, path), join(STAGE, path), { recursive: true, filter })
}
writeFileSync(join(STAGE, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
writeCommandFiles(Object.keys(JSON.parse(readFileSync(join(ROOT, 'dist/manifest.json'), 'utf8')).commands))
const config = await Config.load({ ignoreManifest: true, root: STAGE })
const plugin = config.plugins.get(kept.name) as unknown as { manifest: object }
writeFileSync(join(STAGE, 'oclif.manifest.json'), JSON.stringify(plugin.manifest))

const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', OUTPUT, STAGE], {
  encoding: 'utf8',
})
const [{ filename }] = JSON.parse(packed)
console.log(join(OUTPUT, filename))

/** One small file a command, so that the host loads the one that runs. */
function writeCommandFiles(ids: readonly string[]): void {
  mkdirSync(join(STAGE, COMMANDS), { recursive: true })
  for (const id of ids)
    writeFileSync(join(STAGE, COMMANDS, `${id}.js`), `export { default } from '../../commands/${id}.js'\n`)
}
