import type { ServerResponse } from 'node:http'

/** Something that goes wrong on purpose. */
export interface Fault {
  /** Requests it concerns: tested against `GET /v2/team/web/tags/list?n=100`. */
  readonly matches: RegExp
  /** How many requests; default all. */
  readonly times?: number
  /** Answer with this status instead. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Answer with these bytes instead. */
  readonly body?: string | Buffer
  /** Handle the request only once this is settled. */
  readonly until?: Promise<unknown>
  /** Cut the connection without an answer. */
  readonly disconnect?: boolean
}

/** The faults in force. */
export class Faults {
  readonly #remaining = new Map<Fault, number>()

  /** @returns a function that takes the fault back */
  inject(fault: Fault): () => void {
    this.#remaining.set(fault, fault.times ?? Number.POSITIVE_INFINITY)
    return () => this.#remaining.delete(fault)
  }

  clear(): void {
    this.#remaining.clear()
  }

  /** Lets the first fault that concerns the request happen. True when it answered. */
  async apply(line: string, response: ServerResponse): Promise<boolean> {
    const found = [...this.#remaining].find(([fault]) => fault.matches.test(line))
    if (!found) return false
    const [fault, remaining] = found
    if (remaining > 1) this.#remaining.set(fault, remaining - 1)
    else this.#remaining.delete(fault)
    await fault.until
    if (fault.disconnect) {
      response.destroy()
      return true
    }
    if (fault.status === undefined && fault.body === undefined) return false
    response.writeHead(fault.status ?? 200, { 'content-type': 'application/json', ...fault.headers })
    response.end(fault.body ?? '')
    return true
  }
}
