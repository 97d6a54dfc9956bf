import type { Clock } from './clock.ts'

/** What a registry still allows, as it said last. */
export interface RateBudget {
  readonly remaining: number
  /** undefined where it does not tell. */
  readonly limit: number | undefined
  /** Seconds in which the limit counts; undefined where it does not tell. */
  readonly window: number | undefined
}

/**
 * Notes what the headers of registries' answers tell beside the answer itself: their clocks, and the rate
 * limits of those that count pulls as Docker Hub does (`ratelimit-remaining: 76;w=21600`).
 */
export class AnswerFacts {
  /** Milliseconds by which the clock of a host is ahead of ours, by `host[:port]`. */
  readonly clocks = new Map<string, number>()
  readonly budgets = new Map<string, RateBudget>()
  readonly #clock: Pick<Clock, 'now'>

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** @param headers names in lower case */
  note(host: string, headers: Readonly<Record<string, string>>): void {
    const date = Date.parse(headers['date'] ?? '')
    // A cache on the way keeps the date of the answer it kept (RFC 9111 §5.1).
    if (!Number.isNaN(date) && headers['age'] === undefined) this.clocks.set(host, date - this.#clock.now())
    const remaining = readBudget(headers['ratelimit-remaining'])
    if (remaining === undefined) return
    const limit = readBudget(headers['ratelimit-limit'])
    this.budgets.set(host, {
      remaining: remaining.count,
      limit: limit?.count,
      window: remaining.window ?? limit?.window,
    })
  }
}

/** `100;w=21600` */
function readBudget(
  header: string | undefined,
): { readonly count: number; readonly window: number | undefined } | undefined {
  const found = /^\s*(\d{1,9})\s*(?:;\s*w=(\d{1,9}))?/.exec(header ?? '')
  if (!found) return undefined
  return { count: Number(found[1]), window: found[2] === undefined ? undefined : Number(found[2]) }
}
