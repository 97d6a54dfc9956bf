#!/usr/bin/env node
// The entry point. Plain syntax that old Node versions can read: it only sees to the runtime, main.js does the rest.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 24 || (major === 24 && minor >= 15)) {
  await import('./main.js')
} else {
  // A checkout carries its own Node (an optional dependency), so that it runs whatever the machine has.
  const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (existsSync(pinned)) {
    const script = fileURLToPath(new URL('./main.js', import.meta.url))
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
    const child = spawnSync(pinned, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
    process.exitCode = child.status ?? 1
  } else {
    process.stderr.write(
      `error: kubectl image-updater needs Node 24.15 or newer, this is ${process.version}. Install a newer Node, or the krew package, which needs none.\n`,
    )
    process.exitCode = 1
  }
}
