import { execFileSync } from 'node:child_process'
import type { TestContext } from 'vitest'

/**
 * For a test that needs a program this machine may lack: where it is missing the test fails under CI=true, and
 * is reported as not run, with the reason, elsewhere.
 */
export function needs(program: string, context: Pick<TestContext, 'skip'>): void {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`])
  } catch {
    const reason = `${program} is not installed on this machine: this part of the suite cannot run`
    if (process.env['CI'] === 'true') throw new Error(reason)
    context.skip(reason)
  }
}
