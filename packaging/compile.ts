// Makes the self-contained programs: the bundle, compiled to bytecode, with a runtime around it.
// `node packaging/compile.ts [linux/amd64 …]`: for these, `own` for this machine; without a name for all.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.ts'
import { installRuntimes, runtimePath } from './runtimes.ts'
import { ownTarget, TARGETS, type Target, targetNamed } from './targets.ts'

const OUTPUT = fileURLToPath(new URL('programs', import.meta.url))

/** Where the program for a target is put. */
export function programPath({ os, arch, executable }: Target): string {
  return join(OUTPUT, `${os}-${arch}`, executable)
}

/** The same sources give the same bytes, in whatever folder and on whatever day. The project must be built. */
export async function compilePrograms(targets: readonly Target[]): Promise<void> {
  installRuntimes()
  const folder = mkdtempSync(join(tmpdir(), 'image-updater-bundle-'))
  try {
    // The compiler writes the name of this file into the program, relative to where it runs.
    await bundle(join(folder, 'image-updater.cjs'))
    for (const target of targets) compile(target, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function compile(target: Target, folder: string): void {
  const flags = [
    '--compile',
    '--bytecode',
    `--target=${target.compilerTarget}`,
    `--compile-executable-path=${runtimePath(target)}`,
    // Nothing in the folder where an operator happens to be changes what the program does.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    '--no-compile-autoload-package-json',
    '--no-compile-autoload-tsconfig',
    `--outfile=${target.executable}`,
  ]
  const args = ['build', ...flags, 'image-updater.cjs']
  // An environment of its own: the compiler has settings there too.
  const env = { HOME: folder, PATH: process.env['PATH'], TMPDIR: folder }
  execFileSync(runtimePath(ownTarget()), args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const program = programPath(target)
  rmSync(program, { force: true })
  mkdirSync(join(program, '..'), { recursive: true })
  copyFileSync(join(folder, target.executable), program)
}

if (import.meta.main) {
  const names = process.argv.slice(2)
  const targets =
    names.length === 0 ? TARGETS : names.map((name) => (name === 'own' ? ownTarget() : targetNamed(name)))
  await compilePrograms(targets)
  for (const target of targets) console.log(programPath(target))
}
