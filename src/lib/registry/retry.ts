import type { HttpResponse, Send } from './bounded.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import type { Clock } from './clock.ts'
import { type HostLimits, HostScheduler } from './host-scheduler.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'
import { retryAfter } from './retry-after.ts'
import type { HttpRequest } from './transport.ts'

const ATTEMPTS = 4
/** Milliseconds a request may spend waiting between its attempts, all together. */
const MOST_WAITING = 60_000
const FIRST_BACKOFF = 500
const TRANSIENT_STATUS = new Set([408, 500, 502, 503, 504])
const TRANSIENT_KINDS = new Set(['unreachable', 'timeout'])

interface HostState {
  readonly scheduler: HostScheduler
  readonly breaker: CircuitBreaker
}

/** Turn-taking, patience and giving up, one state a host. */
export class Patience {
  readonly #clock: Clock
  readonly #limitsOf: (host: string) => HostLimits
  readonly #hosts = new Map<string, HostState>()

  constructor(clock: Clock, limitsOf: (host: string) => HostLimits) {
    this.#clock = clock
    this.#limitsOf = limitsOf
  }

  /** Gives hosts that were given up one more chance. */
  newCycle(): void {
    for (const { breaker } of this.#hosts.values()) breaker.newCycle()
  }

  /**
   * A layer that waits for the host's turn, waits as long as a rate limit asks, and repeats what failed
   * for a passing reason, with growing random pauses. All requests here are safe to repeat.
   *
   * @throws RegistryError of kind `rate-limited` when the wait would be too long; else the last failure.
   */
  around(next: Send): Send {
    return async (request) => {
      const host = this.#host(request.url.host)
      let waited = 0
      for (let attempt = 1; ; attempt++) {
        const outcome = await this.#attempt(host, request, async () => {
          waited += await this.#outwaitPause(host.scheduler, request.subject, waited)
          return next(request)
        })
        const asked =
          outcome instanceof RegistryError ? undefined : retryAfter(outcome.headers, this.#clock.now())
        const until = asked ?? this.#clock.now() + this.#backoff(attempt)
        if (!(outcome instanceof RegistryError) && outcome.status === 429) {
          host.scheduler.pauseUntil(until)
          if (attempt >= ATTEMPTS) throw rateLimited(request.subject, until)
          continue
        }
        const wait = Math.max(0, until - this.#clock.now())
        if (!isTransient(outcome) || attempt >= ATTEMPTS || waited + wait > MOST_WAITING) {
          if (outcome instanceof RegistryError) throw outcome
          return outcome
        }
        await this.#clock.sleep(wait)
        waited += wait
      }
    }
  }

  async #attempt(
    host: HostState,
    request: HttpRequest,
    send: () => Promise<HttpResponse>,
  ): Promise<HttpResponse | RegistryError> {
    try {
      host.breaker.check(request.subject)
      const response = await host.scheduler.run(() => {
        host.breaker.check(request.subject)
        return send()
      })
      if (isTransient(response)) host.breaker.failed(busy(request, response.status))
      else host.breaker.succeeded()
      return response
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error
      if (error.cause instanceof RegistryError) throw error
      if (isTransient(error) || error.kind === 'tls') host.breaker.failed(error)
      return error
    }
  }

  async #outwaitPause(scheduler: HostScheduler, subject: RequestSubject, waited: number): Promise<number> {
    const wait = scheduler.pausedUntil - this.#clock.now()
    if (wait <= 0) return 0
    if (waited + wait > MOST_WAITING) throw rateLimited(subject, scheduler.pausedUntil)
    await this.#clock.sleep(wait)
    return wait
  }

  #backoff(attempt: number): number {
    return FIRST_BACKOFF * 2 ** (attempt - 1) * (0.5 + this.#clock.random())
  }

  #host(host: string): HostState {
    const known = this.#hosts.get(host)
    if (known) return known
    const state = {
      scheduler: new HostScheduler(this.#limitsOf(host), this.#clock),
      breaker: new CircuitBreaker(),
    }
    this.#hosts.set(host, state)
    return state
  }
}

function isTransient(outcome: HttpResponse | RegistryError): boolean {
  return outcome instanceof RegistryError
    ? TRANSIENT_KINDS.has(outcome.kind)
    : TRANSIENT_STATUS.has(outcome.status)
}

function busy(request: HttpRequest, status: number): RegistryError {
  return new RegistryError('unreachable', request.subject, `${request.url.host} answered HTTP ${status}`, {
    status,
  })
}

function rateLimited(subject: RequestSubject, until: number): RegistryError {
  const retryAt = new Date(until)
  return new RegistryError(
    'rate-limited',
    subject,
    `the registry limits requests until ${retryAt.toISOString()}`,
    {
      status: 429,
      retryAt,
      remedy: 'Log in for a higher limit, or poll less often',
    },
  )
}
