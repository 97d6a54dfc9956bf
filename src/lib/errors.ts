/**
 * An error meant for the person at the terminal: one line that says what happened, where and why, and
 * what to do instead. Rooms derive their own typed errors from it; anything else that is thrown is a bug.
 */
export class UserError extends Error {
  /** What to type or change instead, one sentence; empty when there is nothing to suggest. */
  readonly remedy: string

  constructor(message: string, remedy = '', options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.remedy = remedy
  }
}
