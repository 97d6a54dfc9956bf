/** A registry holding the planned repositories, in a process of its own. */
export interface BenchRegistry {
  /** `127.0.0.1:port`, as it stands in an image reference; plain HTTP. */
  readonly host: string
  /** Requests that have reached it since it started: counted there, so no client counts its own. */
  requests(): Promise<number>
  stop(): Promise<void>
}
