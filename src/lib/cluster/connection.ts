import type { ClusterEntry, UserEntry } from './kubeconfig.ts'

/** Everything needed to talk to one API server as one person: a context after all flags had their say. */
export interface Connection {
  /** The context's name, `in-cluster`, or the server's address when no context is in play. */
  readonly context: string
  /** The user entry's name, for messages; '' when there is none. */
  readonly userName: string
  /** Absolute URL without trailing slash, query or fragment; may have a base path. */
  readonly server: string
  readonly cluster: ClusterEntry
  readonly user: UserEntry
  /** The namespace that flags do not override: the context's; '' when it names none. */
  readonly contextNamespace: string
  /** Milliseconds; 0 for no limit. */
  readonly requestTimeout: number
  /** Appended to "cannot reach" messages where the address itself is a guess. */
  readonly addressNote: string
}
