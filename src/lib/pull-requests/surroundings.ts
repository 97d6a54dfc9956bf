import type { Clock } from '../registry/clock.ts'

/** What pull requests need of the process they are made from. */
export interface PullRequestSurroundings {
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  readonly clock: Clock
  /** Hosts on this machine (`127.0.0.1:3000`) that may be asked, and over plain http. */
  readonly vouchedHosts?: readonly string[]
  /** PEM text of certificate authorities besides the usual ones. */
  readonly certificateAuthority?: string
  /** Milliseconds one request may take; the usual time where absent. */
  readonly requestLimit?: number
  /** Ends waiting and requests. */
  readonly signal?: AbortSignal
}
