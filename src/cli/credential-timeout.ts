import { UserError } from '../lib/errors.ts'
import { parseDuration } from '../lib/rules/duration.ts'
import { CREDENTIAL_TIMEOUT } from './flags.ts'

class CredentialTimeoutError extends UserError {}

const LONGEST = 600_000

/**
 * Reads `--credential-timeout`.
 *
 * @returns milliseconds.
 * @throws CredentialTimeoutError naming the flag
 */
export function parseCredentialTimeout(text = CREDENTIAL_TIMEOUT): number {
  try {
    const timeout = parseDuration(text)
    if (timeout > 0 && timeout <= LONGEST) return timeout
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  throw new CredentialTimeoutError(
    `--credential-timeout ${text} is not usable`,
    'Write 1s to 10m, for example 30s',
  )
}
