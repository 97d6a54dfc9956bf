import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { TestContext } from 'vitest'

/** Whether the machine is said to have every program of the tests, as our workflow's has, which installs them. */
export const REQUIRED = process.env['TEST_PROGRAMS'] === 'required'

/**
 * For a test that needs a program this machine may lack: where it is missing the test is reported as not run, with
 * the reason, and fails where it is {@link REQUIRED}.
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
  if (REQUIRED) throw new Error(reason)
  context.skip(reason)
}
