/**
 * The connection flags of kubectl, keyed by their names as typed, so that parsed flags can be handed over
 * as they are. Empty text counts as not given, as in kubectl.
 */
export interface ConnectionFlags {
  /** Read only this file; it must exist. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly user?: string | undefined
  readonly server?: string | undefined
  readonly namespace?: string | undefined
  /** Wins over `namespace`, as in kubectl. */
  readonly 'all-namespaces'?: boolean | undefined
  readonly token?: string | undefined
  readonly 'client-certificate'?: string | undefined
  readonly 'client-key'?: string | undefined
  readonly 'certificate-authority'?: string | undefined
  readonly 'tls-server-name'?: string | undefined
  readonly 'insecure-skip-tls-verify'?: boolean | undefined
  readonly as?: string | undefined
  readonly 'as-uid'?: string | undefined
  readonly 'as-group'?: readonly string[] | undefined
  /** `key=value`, one value each; a key may come again. */
  readonly 'as-user-extra'?: readonly string[] | undefined
  /** `0` (none), whole seconds, or a Go duration such as `1m30s`. */
  readonly 'request-timeout'?: string | undefined
}

/** The process around us, as far as finding a kubeconfig depends on it. Injected so that tests can be any machine. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
}
