import { type Credential, sameCredential } from './credential.ts'

type Answer = Credential | undefined

interface Kept {
  readonly answer: Promise<Answer>
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** Keeps what is dear to ask for (a helper process, a token of a cloud), so that one answer serves every repository. */
export class KeptCredentials {
  readonly #now: () => number
  readonly #lifetime: number
  readonly #failureLifetime: number
  readonly #kept = new Map<string, Kept>()

  /** Lifetimes in milliseconds; `failureLifetime`: how long a failure stands before it is asked again. */
  constructor(now: () => number, lifetime: number, failureLifetime = 0) {
    this.#now = now
    this.#lifetime = lifetime
    this.#failureLifetime = failureLifetime
  }

  /** What is kept under `key`, unless it is too old or just what the registry rejected; else what `ask` finds. */
  async find(key: string, rejected: Credential | undefined, ask: () => Promise<Answer>): Promise<Answer> {
    const kept = this.#kept.get(key)
    if (kept && kept.until > this.#now()) {
      const answer = await kept.answer
      if (!(answer && rejected && sameCredential(answer, rejected))) return answer
      if (this.#kept.get(key) !== kept) return this.find(key, undefined, ask)
    }
    const answer = ask()
    this.#kept.set(key, { answer, until: this.#now() + this.#lifetime })
    answer.catch(() => {
      if (this.#kept.get(key)?.answer !== answer) return
      this.#kept.set(key, { answer, until: this.#now() + this.#failureLifetime })
    })
    return answer
  }
}
