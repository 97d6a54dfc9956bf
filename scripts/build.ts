// Compiles src to dist and writes the command manifest from which the CLI knows its commands without loading them.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Config } from '@oclif/core'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = new URL('../dist/', import.meta.url)

rmSync(dist, { force: true, recursive: true })
const compiler = fileURLToPath(new URL('../node_modules/.bin/tsc', import.meta.url))
try {
  execFileSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
} catch {
  process.exit(1)
}
const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const config = await Config.load({ ignoreManifest: true, pjson, root })
const plugin = config.plugins.get(pjson.name)
if (!plugin) throw new Error('oclif did not load the commands')
const { manifest } = plugin as unknown as { manifest: Manifest }
// oclif leaves out what a switch is when it is not given, and help tells it.
for (const [id, { flags }] of Object.entries(manifest.commands)) {
  const command = await plugin.findCommand(id, { must: true })
  for (const [name, flag] of Object.entries(flags)) flag.default ??= command.flags[name]?.default
}
writeFileSync(new URL('manifest.json', dist), JSON.stringify(manifest))

interface Manifest {
  readonly commands: Readonly<Record<string, { readonly flags: Record<string, { default?: unknown }> }>>
}
