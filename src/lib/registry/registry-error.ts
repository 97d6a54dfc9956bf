import { UserError } from '../errors.ts'

/** What went wrong, for code that decides by it; people read the message. */
export type RegistryErrorKind =
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'rate-limited'
  | 'unreachable'
  | 'timeout'
  | 'too-large'
  | 'malformed'
  | 'refused'
  | 'tls'

/** Which registry and repository a request is about, and what was tried: the first half of every message. */
export interface RequestSubject {
  /** Host as a person would write it: `docker.io`, `ghcr.io`, `registry.example.com:5000`. */
  readonly registry: string
  readonly repository: string
  /** After "cannot": `list the tags of org/app`. */
  readonly action: string
}

interface Details {
  readonly remedy?: string
  readonly cause?: unknown
  /** HTTP status that led here. */
  readonly status?: number
  /** For rate limits: when to ask again. */
  readonly retryAt?: Date
}

/** A registry said no, said nonsense, or said nothing. Never holds a secret. */
export class RegistryError extends UserError {
  readonly kind: RegistryErrorKind
  readonly registry: string
  readonly repository: string
  readonly status: number | undefined
  readonly retryAt: Date | undefined

  /** Message: `<registry>: cannot <action>: <what>`. */
  constructor(kind: RegistryErrorKind, subject: RequestSubject, what: string, details: Details = {}) {
    super(
      `${subject.registry}: cannot ${subject.action}: ${what}`,
      details.remedy ?? '',
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.kind = kind
    this.registry = subject.registry
    this.repository = subject.repository
    this.status = details.status
    this.retryAt = details.retryAt
  }

  /** The same error with one more reason. */
  because(reason: string): RegistryError {
    const { kind, registry, repository, remedy, status, retryAt } = this
    const details = { remedy, cause: this, ...(status && { status }), ...(retryAt && { retryAt }) }
    const error = new RegistryError(kind, { registry, repository, action: '' }, '', details)
    error.message = `${this.message}; ${reason}`
    return error
  }
}
