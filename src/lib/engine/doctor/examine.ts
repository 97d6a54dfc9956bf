import { UserError } from '../../errors.ts'
import type { CheckName, Finding } from './finding.ts'

/** Something that is looked at by itself: whatever becomes of it, the others go on. */
export interface Check {
  readonly name: CheckName
  /** What it needs first, in words: `an API server that answers`. Without it, the check is skipped. */
  readonly needs?: Need | undefined
  /** It limits the time of its parts, one by one, itself. */
  readonly limitsItself?: boolean
  /** @throws UserError for what does not work; it becomes a finding */
  run(signal: AbortSignal): Promise<readonly Finding[]>
}

export interface Need {
  readonly what: string
  readonly ready: Promise<unknown>
}

/** Milliseconds were not enough. */
export class OutOfTimeError extends UserError {}

/**
 * Runs checks at the same time.
 *
 * @param timeout milliseconds for each, from when what it needs is there; 0 for no limit
 * @returns the findings in the order of the checks
 */
export async function examine(
  checks: readonly Check[],
  timeout: number,
  onProgress: () => void = () => {},
): Promise<Finding[]> {
  const found = await Promise.all(
    checks.map(async (check) => {
      const findings = await examineOne(check, timeout)
      onProgress()
      return findings
    }),
  )
  return found.flat()
}

async function examineOne(check: Check, timeout: number): Promise<readonly Finding[]> {
  const { name, needs, limitsItself = false } = check
  try {
    await needs?.ready
  } catch {
    // Why it is missing is told by the check that looks at it.
    const message = `not looked at: it needs ${needs?.what}`
    return [{ check: name, state: 'skip', subject: '', message, remedy: '' }]
  }
  try {
    const run = (signal: AbortSignal) => check.run(signal)
    return await (limitsItself ? run(new AbortController().signal) : withinTime(timeout, run))
  } catch (error) {
    return [failure(name, error)]
  }
}

/** An error as the finding that something does not work. */
export function failure(check: CheckName, error: unknown, subject = ''): Finding {
  const known = error instanceof UserError
  const message = error instanceof Error ? error.message : String(error)
  return {
    check,
    state: 'fail',
    subject,
    message: known ? message : `unexpected error: ${message}`,
    remedy: known ? error.remedy : 'Please report it, with what `-v 6` prints',
  }
}

/**
 * The result of `work`, if it comes in time.
 *
 * @param timeout milliseconds; 0 for no limit
 * @param work gets a signal that ends it when the time is over
 * @throws OutOfTimeError
 */
export async function withinTime<T>(timeout: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController()
  if (timeout === 0) return work(over.signal)
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new OutOfTimeError(`no answer within ${timeout / 1000} s`, 'Allow more time with --timeout'))
    over.abort()
  }, timeout)
  try {
    return await Promise.race([work(over.signal), promise])
  } finally {
    clearTimeout(timer)
  }
}
