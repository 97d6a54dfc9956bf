import type { Application } from '../application/application.ts'
import type { ClusterClient } from './client.ts'
import type { ConnectionFlags, Surroundings } from './connection-flags.ts'
import type { Kubeconfig } from './kubeconfig.ts'
import { KubernetesClient } from './kubernetes-client.ts'
import { loadKubeconfig } from './load-kubeconfig.ts'
import { type ClusterOptions, openTransport } from './open-cluster.ts'
import type { ReadProblem } from './read-result.ts'
import { resolveConnection } from './resolve-connection.ts'
import { sameServer } from './server-url.ts'

/** How Argo CD calls the cluster it runs in. */
const OWN_SERVER = 'https://kubernetes.default.svc'
const OWN_NAME = 'in-cluster'

/** A client for where an Application's workloads run, or why there is none. */
export type Destination =
  | {
      readonly reachable: true
      readonly client: ClusterClient
      /** It is the client that was given, which is not to be closed on its account. */
      readonly shared: boolean
    }
  | { readonly reachable: false; readonly problem: ReadProblem }

/** What finding a destination depends on. */
export interface DestinationRequest {
  readonly application: Application
  /** The cluster the Application was read from. */
  readonly client: ClusterClient
  readonly flags: ConnectionFlags
  readonly env: Surroundings['env']
  readonly options: ClusterOptions
  /** `--workload-context`: trusted to be the destination, whatever its address. */
  readonly workloadContext?: string | undefined
}

/**
 * Opens the cluster that an Application deploys to: the one it was read from when the destination is
 * Argo CD's own (`in-cluster`, `https://kubernetes.default.svc`) or has the same address, else the first
 * kubeconfig context with that address, the current one preferred. A destination that is only a name is
 * known to Argo CD alone, so it needs `workloadContext`: guessing could restart somebody else's workloads.
 *
 * Of the flags only `--kubeconfig`, impersonation and `--request-timeout` go along; credentials given for
 * one cluster are never sent to another.
 *
 * @throws KubeconfigError when `workloadContext` does not exist.
 */
export async function openDestination(request: DestinationRequest): Promise<Destination> {
  const { application, client, workloadContext } = request
  const { server = '', name = '' } = application.spec.destination ?? {}
  if (!workloadContext && isOwnCluster(server, name, client)) return { reachable: true, client, shared: true }
  const platform = request.options.platform ?? process.platform
  const kubeconfig = await loadKubeconfig(request.flags, request.env, platform)
  const context = workloadContext || contextOf(kubeconfig, server)
  if (context === '') return { reachable: false, problem: notReachable(application, kubeconfig) }
  if (context === client.target.context && !request.flags.server && !request.flags.cluster) {
    return { reachable: true, client, shared: true }
  }
  const { kubeconfig: file, as, 'as-uid': uid, 'as-group': group, 'as-user-extra': extra } = request.flags
  const flags: ConnectionFlags = {
    kubeconfig: file,
    context,
    as,
    'as-uid': uid,
    'as-group': group,
    'as-user-extra': extra,
    'request-timeout': request.flags['request-timeout'],
  }
  const connection = await resolveConnection(kubeconfig, flags, { env: request.env, platform })
  const transport = await openTransport(connection, request.env, request.options)
  const namespace = application.spec.destination?.namespace || connection.contextNamespace || 'default'
  const target = { context, server: connection.server, namespace, namespaceSource: 'default' } as const
  return { reachable: true, client: new KubernetesClient(transport, target), shared: false }
}

/** Whether a destination (its address, or its name in Argo CD) is the cluster that `client` talks to. */
export function isOwnCluster(server: string, name: string, client: Pick<ClusterClient, 'target'>): boolean {
  if (server === '') return name === OWN_NAME || name === ''
  return sameServer(server, OWN_SERVER) || sameServer(server, client.target.server)
}

function contextOf(kubeconfig: Kubeconfig, server: string): string {
  if (server === '') return ''
  const matching = [...kubeconfig.contexts]
    .filter(([, context]) => sameServer(kubeconfig.clusters.get(context.cluster)?.server ?? '', server))
    .map(([name]) => name)
  return matching.find((name) => name === kubeconfig.currentContext) ?? matching.toSorted()[0] ?? ''
}

function notReachable({ metadata, spec }: Application, kubeconfig: Kubeconfig): ReadProblem {
  const { server, name = '' } = spec.destination ?? {}
  const where = server ? `the cluster at ${server}` : `the cluster that Argo CD calls "${name}"`
  const namesake = !server && kubeconfig.contexts.has(name) ? ` (is it ${name}?)` : ''
  return {
    kind: 'Application',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    reason: 'DestinationUnknown',
    problem: `application ${metadata.namespace}/${metadata.name} runs in ${where}, which is not reachable from this kubeconfig`,
    remedy: `Name its context with --workload-context${namesake}`,
  }
}
