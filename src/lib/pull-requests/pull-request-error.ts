import { UserError } from '../errors.ts'

export type PullRequestErrorKind =
  | 'address'
  | 'archived'
  | 'conflict'
  | 'forbidden'
  | 'malformed'
  | 'not-found'
  | 'rate-limited'
  | 'refused'
  | 'too-large'
  | 'unauthorized'
  | 'unreachable'
  | 'validation'

/**
 * Why a pull request could not be read or written. What the service said is in it only in cleaned form, and
 * no cause is kept: errors of others may quote headers, and so the token.
 */
export class PullRequestError extends UserError {
  readonly kind: PullRequestErrorKind
  /** When a rate limit ends. */
  readonly retryAt: Date | undefined

  constructor(kind: PullRequestErrorKind, message: string, remedy = '', retryAt?: Date) {
    super(message, remedy)
    this.kind = kind
    this.retryAt = retryAt
  }
}
