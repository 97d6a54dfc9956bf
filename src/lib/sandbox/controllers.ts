import { ClusterError } from '../cluster/client.ts'
import { runApplications } from './simulation/applications.ts'
import type { SimulationClient } from './simulation/client.ts'
import { ClusterView, KINDS } from './simulation/cluster-view.ts'
import { type ImageResolver, Kubelet } from './simulation/kubelet.ts'
import type { ManifestSources } from './simulation/manifest-source.ts'
import { runWorkloads } from './simulation/workloads.ts'

export type { SimulationClient } from './simulation/client.ts'
export { HttpSimulationClient, type ServerAccess } from './simulation/http-client.ts'
export type { ImageResolver } from './simulation/kubelet.ts'
export type { ManifestSource, ManifestSources } from './simulation/manifest-source.ts'

export interface ControllersOptions {
  readonly client: SimulationClient
  /** What the git repositories of the world hold. */
  readonly sources: ManifestSources
  /** What the registries of the world hold. */
  readonly resolveImage: ImageResolver
  /** Told of what went wrong while nobody waited in `settle`; the next change tries again. */
  readonly onError?: (error: unknown) => void
}

/** A small Argo CD, controller manager and node, which look after whatever API server they are given. */
export interface Controllers {
  /**
   * Resolves once everything written before the call has had all its consequences but those that only time
   * brings: a progress deadline that passes.
   * @throws when the API server refuses, or when the cluster does not come to rest.
   */
  settle(): Promise<void>
  /** Ends all watches and waits for the work in progress. */
  stop(): Promise<void>
}

/** More than this without rest: two parties undo each other's work. */
const MOST_READINGS = 20
const MOST_ROUNDS = 20
const RECONNECT_DELAY = 250

/**
 * Starts the controllers. They read the whole cluster and write what follows from it, again and again until
 * nothing follows any more; any change in the cluster starts them anew.
 */
export function startControllers(options: ControllersOptions): Controllers {
  const { client } = options
  const kubelet = new Kubelet(options.resolveImage)
  const stopping = new AbortController()
  let queue: Promise<void> = Promise.resolve()
  let waiting = false
  let alarm: NodeJS.Timeout | undefined

  /**
   * Reads the cluster and acts until nothing is left to do; true when there was nothing to begin with. An
   * object that someone else changed or deleted meanwhile is for the next reading.
   */
  async function isQuiet(): Promise<boolean> {
    const view = await ClusterView.read(client)
    try {
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const before = view.writes
        await runApplications(view, options.sources)
        await runWorkloads(view)
        await kubelet.run(view)
        if (view.writes !== before) continue
        if (round === 0) setAlarm(view.wakeAfter)
        return round === 0
      }
    } catch (error) {
      if (!(error instanceof ClusterError && (error.status === 404 || error.status === 409))) throw error
    }
    return false
  }

  /** Deadlines pass without a change that a watch would report. */
  function setAlarm(milliseconds: number): void {
    clearTimeout(alarm)
    if (Number.isFinite(milliseconds)) alarm = setTimeout(onChange, milliseconds).unref()
  }

  async function untilQuiet(): Promise<void> {
    for (let reading = 0; reading < MOST_READINGS; reading += 1) {
      if (stopping.signal.aborted) return
      if (await isQuiet()) return
    }
    throw new Error(`the simulated cluster does not come to rest after ${MOST_READINGS} readings`)
  }

  function settle(): Promise<void> {
    const turn = queue.then(untilQuiet)
    queue = turn.catch(() => undefined)
    return turn
  }

  /** Many changes at once need one run, not many. */
  function onChange(): void {
    if (waiting || stopping.signal.aborted) return
    waiting = true
    void queue.then(() => {
      waiting = false
      return settle().catch((error: unknown) => options.onError?.(error))
    })
  }

  async function keepWatching(kind: (typeof KINDS)[keyof typeof KINDS]): Promise<void> {
    while (!stopping.signal.aborted) {
      await client.watch(kind, onChange, stopping.signal).catch(() => undefined)
      await pause(RECONNECT_DELAY, stopping.signal)
    }
  }

  // A watch begins with all there is, so nothing is lost by opening them after the first run.
  const watches = settle()
    .catch((error: unknown) => options.onError?.(error))
    .then(() => Promise.all(Object.values(KINDS).map(keepWatching)))
  return {
    settle,
    stop: async () => {
      stopping.abort()
      clearTimeout(alarm)
      await Promise.all([watches, queue])
      await client.close()
    },
  }
}

/** Waits before a broken watch is opened again, or until `signal` aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, milliseconds)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
