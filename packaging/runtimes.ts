// The runtimes inside the self-contained programs: npm packages, locked with their hashes in packaging/runtimes.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TARGETS, type Target } from './targets.ts'

const FOLDER = fileURLToPath(new URL('runtimes', import.meta.url))

type Lock = { readonly packages: Readonly<Record<string, { readonly version?: string; integrity?: string }>> }

/** Installs what the lock file says, for every platform, unless it is there. No install script runs. */
export function installRuntimes(): void {
  if (installed()) return
  // --force: they are for other systems than this one.
  const args = ['ci', '--force', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', args, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** The runtime's own file, which also is the compiler if it is for this machine. */
export function runtimePath({ runtime, runtimeFile }: Target): string {
  return join(FOLDER, 'node_modules', runtime, runtimeFile)
}

/** npm notes in `.package-lock.json` what it has installed, with the hashes it has checked. */
function installed(): boolean {
  const noted = join(FOLDER, 'node_modules/.package-lock.json')
  if (!existsSync(noted) || !TARGETS.every((target) => existsSync(runtimePath(target)))) return false
  const wanted = readLock(join(FOLDER, 'package-lock.json')).packages
  const found = readLock(noted).packages
  return Object.entries(wanted).every(
    ([path, { integrity }]) => path === '' || found[path]?.integrity === integrity,
  )
}

function readLock(path: string): Lock {
  return JSON.parse(readFileSync(path, 'utf8')) as Lock
}
