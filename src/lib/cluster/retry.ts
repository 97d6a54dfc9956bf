const ATTEMPTS = 5
const FIRST_DELAY = 250
const LONGEST_DELAY = 30_000
/** Codes of connections that broke or were closed while idle; nothing was answered. */
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** How an attempt ended that might be worth another. */
export interface Failure {
  readonly method: string
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly retryAfter?: string | undefined
  /** Error code of a failed connection. */
  readonly code?: string | undefined
}

/**
 * How long to wait before trying again, or undefined to give up. Reads are tried again after a broken
 * connection, 429 and 503; writes only after 429, which the API server sends before it has done anything.
 * Retry-After is followed up to 30 s; without it the delay doubles, with jitter so that many clients do not
 * come back at once.
 *
 * @param attempt how many attempts were made, from 1.
 * @param random 0 ≤ x < 1.
 * @returns milliseconds.
 */
export function retryDelay(failure: Failure, attempt: number, random: number): number | undefined {
  if (attempt >= ATTEMPTS || !isWorthRetrying(failure)) return undefined
  const jitter = 1 + random / 4
  const asked = parseRetryAfter(failure.retryAfter)
  if (asked !== undefined) return asked > LONGEST_DELAY ? undefined : asked * jitter
  // The pool opens a new connection at once: a kept one that had gone stale costs no waiting.
  if (failure.status === 0 && attempt === 1) return 0
  return FIRST_DELAY * 2 ** (attempt - 1) * jitter
}

function isWorthRetrying({ method, status, code }: Failure): boolean {
  if (status === 429) return true
  return method === 'GET' && (status === 503 || (code !== undefined && BROKEN_CONNECTION.has(code)))
}

/** Seconds or an HTTP date, as milliseconds from now. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
