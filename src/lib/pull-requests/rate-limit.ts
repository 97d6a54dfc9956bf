import { retryAfter } from '../registry/retry-after.ts'
import type { ApiAnswer } from './connection.ts'

/** Milliseconds until another attempt where a service limits requests and does not say for how long. */
const USUAL_WAIT = 5_000

/**
 * Until when, in milliseconds since the epoch, the service wants no further request; undefined when this
 * answer is about something else. 429 everywhere; GitHub also answers 403, with `x-ratelimit-remaining: 0`
 * for its hourly limit and with Retry-After for the secondary ones. The ends of limits are Unix seconds,
 * in X-RateLimit-Reset (GitHub, Azure DevOps) or RateLimit-Reset (GitLab).
 */
export function limitedUntil({ status, headers }: ApiAnswer, now: number): number | undefined {
  const spent = headers['x-ratelimit-remaining'] === '0'
  const asked = retryAfter(headers, now)
  const limited =
    status === 429 ||
    (status === 403 && (spent || asked !== undefined)) ||
    (status === 503 && asked !== undefined)
  if (!limited) return undefined
  if (asked !== undefined) return asked
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? ''
  return /^[0-9]{9,11}$/.test(reset) ? Number(reset) * 1000 : now + USUAL_WAIT
}
