import type { ClusterTarget } from './client.ts'
import type { Connection } from './connection.ts'
import type { ConnectionFlags, Surroundings } from './connection-flags.ts'
import { credentialSource } from './credential-source.ts'
import { KubernetesClient } from './kubernetes-client.ts'
import { loadKubeconfig } from './load-kubeconfig.ts'
import { defaultNamespace, statedNamespace } from './namespace.ts'
import { resolveConnection } from './resolve-connection.ts'
import { ApiTransport, type TransportOptions } from './transport.ts'

/** What opening a cluster depends on besides flags and environment. */
export interface ClusterOptions {
  /** Of this program, for the User-Agent. */
  readonly version: string
  /** Told every request, for `-v`. */
  readonly log?: TransportOptions['log']
  /** Told what a person should know before anything happens, such as a KUBECONFIG that names no file. */
  readonly warn?: (text: string) => void
  /** Ends everything, for Ctrl-C. */
  readonly signal?: AbortSignal
  /** Why exec plugins must not read standard input just now: `-f -`, a live view; '' when they may. */
  readonly stdinTaken?: () => string
  /** Takes the messages of exec plugins where they must not go to standard error, such as under a live view. */
  readonly pluginMessages?: (text: string) => void
  /** Whether exec plugins are kept away from the terminal, also by the way of /dev/tty. */
  readonly withoutTerminal?: boolean
  /** Whether standard input is a terminal; by default the process is asked. */
  readonly stdinIsTerminal?: boolean
  readonly platform?: NodeJS.Platform
  /** Where a Pod's service account is mounted. */
  readonly serviceAccount?: string
}

/**
 * Opens the cluster that kubectl would talk to with the same flags and environment, and settles the
 * namespace (`-A`, `-n`, the context's, `argocd` if it exists, `default`); only for the last two the server
 * is asked. Close the client when done.
 *
 * @throws KubeconfigError when flags and kubeconfig name no usable cluster; ClusterError when it must be
 *   asked and cannot be reached.
 */
export async function openCluster(
  flags: ConnectionFlags,
  env: Surroundings['env'],
  options: ClusterOptions,
): Promise<KubernetesClient> {
  const platform = options.platform ?? process.platform
  const kubeconfig = await loadKubeconfig(flags, env, platform)
  for (const warning of kubeconfig.warnings) options.warn?.(warning)
  const connection = await resolveConnection(kubeconfig, flags, { env, platform }, options.serviceAccount)
  const transport = await openTransport(connection, env, options)
  try {
    return await settleNamespace(transport, flags)
  } catch (error) {
    await transport.close()
    throw error
  }
}

/**
 * The client of a connection, with the namespace settled as {@link openCluster} says. The transport stays
 * the caller's to close when this throws.
 *
 * @throws ClusterError when the server must be asked and cannot be.
 */
export async function settleNamespace(
  transport: ApiTransport,
  flags: ConnectionFlags,
): Promise<KubernetesClient> {
  const { connection } = transport
  const stated = statedNamespace(flags, connection)
  if (stated) return new KubernetesClient(transport, target(connection, stated))
  const unsettled = { namespace: '', namespaceSource: 'default' } as const
  const choice = await defaultNamespace(new KubernetesClient(transport, target(connection, unsettled)))
  return new KubernetesClient(transport, target(connection, choice))
}

/** HTTP with the credentials of a connection; nothing is sent yet. */
export async function openTransport(
  connection: Connection,
  env: Surroundings['env'],
  options: ClusterOptions,
): Promise<ApiTransport> {
  const credentials = await credentialSource(connection, {
    env,
    platform: options.platform ?? process.platform,
    signal: options.signal,
    stdinIsTerminal: options.stdinIsTerminal ?? process.stdin.isTTY === true,
    stdinTaken: options.stdinTaken ?? (() => ''),
    messages: options.pluginMessages,
    withoutTerminal: options.withoutTerminal,
    now: Date.now,
  })
  return new ApiTransport(connection, credentials, {
    userAgent: `kubectl-image-updater/${options.version}`,
    env,
    log: options.log,
    signal: options.signal,
  })
}

function target(
  { context, server }: Connection,
  choice: Pick<ClusterTarget, 'namespace' | 'namespaceSource'>,
): ClusterTarget {
  return { context, server, ...choice }
}
