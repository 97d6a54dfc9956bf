import type { ApplicationSelection } from '../../cluster/applications.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { type ServerVersion, serverVersion } from '../../cluster/discovery.ts'
import type { KubernetesClient } from '../../cluster/kubernetes-client.ts'
import { loadKubeconfig } from '../../cluster/load-kubeconfig.ts'
import { openTransport, settleNamespace } from '../../cluster/open-cluster.ts'
import { resolveConnection } from '../../cluster/resolve-connection.ts'
import type { ApiTransport } from '../../cluster/transport.ts'
import type { EngineContext } from '../context.ts'
import { loadManagedImages } from '../load.ts'
import { type ContextOptions, clusterOptionsOf, openContext } from '../open-context.ts'
import { withinTime } from './examine.ts'
import type { ChosenConnection } from './kubeconfig.ts'
import type { LoadedImages } from './loaded-images.ts'

/**
 * How far a command would come, step by step. Each waits for the one before and fails with it; a failure is
 * told by whoever looks at that step.
 */
export interface Stages {
  readonly chosen: Promise<ChosenConnection>
  readonly transport: Promise<ApiTransport>
  readonly server: Promise<ServerVersion>
  readonly client: Promise<ClusterClient>
  readonly context: Promise<EngineContext>
  readonly loaded: Promise<LoadedImages>
  /** Ends what is under way, and closes what was opened. */
  close(): Promise<void>
}

/** Starts the steps. @param timeout milliseconds for each */
export function openStages(
  options: ContextOptions,
  selection: ApplicationSelection,
  timeout: number,
): Stages {
  const ended = new AbortController()
  const opened: { close(): Promise<void> }[] = []
  const step = <T>(work: () => Promise<T>): Promise<T> => {
    const promise = withinTime(timeout, work)
    // Each failure is looked at where it matters; until then it is nobody's.
    promise.catch(() => undefined)
    return promise
  }
  const after = <Before, T>(before: Promise<Before>, work: (before: Before) => Promise<T>): Promise<T> => {
    const promise = before.then((value) => step(() => work(value)))
    promise.catch(() => undefined)
    return promise
  }
  const chosen = step(() => chooseConnection(options, timeout))
  const transport = after(chosen, async ({ connection }) => {
    const clusterOptions = { ...clusterOptionsOf(options), signal: ended.signal }
    const made = await openTransport(connection, options.env, clusterOptions)
    opened.push(made)
    return made
  })
  const server = after(transport, serverVersion)
  const client = after(server, async () => settleNamespace(await transport, options.connection))
  const context = after(client, async (made: KubernetesClient) => {
    const engine = await openContext(options, made)
    opened.push(engine)
    return engine
  })
  const loaded = after(context, (engine) => loadManagedImages(engine, selection))
  return {
    chosen,
    transport,
    server,
    client,
    context,
    loaded,
    close: async () => {
      ended.abort()
      await Promise.all(opened.map((one) => one.close()))
    },
  }
}

async function chooseConnection(
  { connection: flags, env }: ContextOptions,
  timeout: number,
): Promise<ChosenConnection> {
  const kubeconfig = await loadKubeconfig(flags, env)
  const connection = await resolveConnection(kubeconfig, flags, { env, platform: process.platform })
  // A connection that nobody waits for any more is to be given up, too.
  const requestTimeout = connection.requestTimeout || timeout
  return { kubeconfig, connection: { ...connection, requestTimeout } }
}
