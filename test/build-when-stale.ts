import { execFileSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = ['src/**/*.ts', 'scripts/build.ts', 'package.json', 'tsconfig*.json']

/** Tests of the command line program start the built one: builds it, unless it is newer than its sources. */
export default function buildWhenStale(): void {
  const built = statSync(`${ROOT}dist/manifest.json`, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = globSync(SOURCES, { cwd: ROOT }).map((path) => statSync(ROOT + path).mtimeMs)
  if (Math.max(...sources) < built) return
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT, stdio: 'inherit' })
}
