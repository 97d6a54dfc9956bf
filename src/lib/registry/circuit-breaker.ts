import { RegistryError, type RequestSubject } from './registry-error.ts'

const FAILURES_TO_OPEN = 5

/**
 * Remembers that a host is dead, so that it delays nothing else in this cycle: after some failures in a
 * row every further request fails at once, until {@link CircuitBreaker.newCycle} lets one through again.
 */
export class CircuitBreaker {
  #failures = 0
  #last: RegistryError | undefined

  /** @throws RegistryError of the last failure's kind while the host is given up. */
  check(subject: RequestSubject): void {
    if (this.#failures < FAILURES_TO_OPEN || this.#last === undefined) return
    throw new RegistryError(
      this.#last.kind,
      subject,
      `given up for this cycle after ${FAILURES_TO_OPEN} failures`,
      { cause: this.#last, remedy: this.#last.remedy },
    )
  }

  succeeded(): void {
    this.#failures = 0
    this.#last = undefined
  }

  failed(error: RegistryError): void {
    this.#failures++
    this.#last = error
  }

  /** One more failure after this gives the host up again at once. */
  newCycle(): void {
    this.#failures = Math.min(this.#failures, FAILURES_TO_OPEN - 1)
  }
}
