import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { TestContext } from 'vitest'

/**
 * For a test that needs a program this machine may lack: where it is missing the test fails under CI=true, and
 * is reported as not run, with the reason, elsewhere.
 */
export function needs(program: string, context: Pick<TestContext, 'skip'>): void {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`])
  } catch {
    missing(program, context)
  }
}

/** As {@link needs}, for a file that a package of this machine brings. */
export function needsFile(file: string, context: Pick<TestContext, 'skip'>): void {
  if (!existsSync(file)) missing(file, context)
}

function missing(what: string, context: Pick<TestContext, 'skip'>): void {
  const reason = `${what} is not installed on this machine: this part of the suite cannot run`
  if (process.env['CI'] === 'true') throw new Error(reason)
  context.skip(reason)
}
