import type { Application } from '../application/application.ts'
import type { ConnectionFlags } from '../cluster/connection-flags.ts'
import type { KubernetesClient } from '../cluster/kubernetes-client.ts'
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts'
import { type Destination, openDestination } from '../cluster/open-destination.ts'
import { operatorRegistries } from '../cluster/operator-registries.ts'
import { ProjectReader } from '../cluster/projects.ts'
import { SecretReader } from '../cluster/secrets.ts'
import { openRegistryAccess } from '../registry/access.ts'
import { systemClock } from '../registry/clock.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { cacheFolder } from '../state/cache-folder.ts'
import { ImageNames } from '../state/image-names.ts'
import { sightingFile } from '../state/sighting-file.ts'
import { ClusterApplications } from './cluster-applications.ts'
import type { EngineContext } from './context.ts'
import { DateMemory } from './date-memory.ts'
import { type GitOptions, openGit } from './git/open-git.ts'
import { imageNamesOf } from './image-names.ts'
import {
  configureRegistries,
  readClusterRegistries,
  readRegistriesFile,
  vouchedRegistries,
} from './registries-conf.ts'
import { ruleScope } from './registry-credentials.ts'
import { readWorkloadView, type WorkloadView } from './workload-view.ts'

export interface ContextOptions {
  readonly connection: ConnectionFlags
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Of this program, for the User-Agent. */
  readonly version: string
  /** Registries the operator allows, beside those their kubeconfig names. */
  readonly plainHttpHosts: readonly string[]
  readonly allowedHosts: readonly string[]
  /** Token servers that may be sent passwords though they are not the registry's own host. */
  readonly trustedRealms: readonly string[]
  /** The operator's registries.conf; '' to take the cluster's. */
  readonly registriesConf: string
  /** Whether Secrets of other namespaces than the Application's may be read. */
  readonly allowCrossNamespaceSecrets: boolean
  /** Milliseconds a credential program of registries.conf may take. */
  readonly credentialTimeout: number
  /** The kubeconfig context where workloads run, where it cannot be told from the destination. */
  readonly workloadContext?: string
  readonly concurrency: number
  /** How commits are made where a rule writes to git. */
  readonly git: GitOptions
  readonly warn: (text: string) => void
  /** Why credential plugins must not read standard input just now; '' when they may. */
  readonly stdinTaken?: () => string
  /** Told how every request ended, for who counts them. */
  readonly requests?: RequestObserver | undefined
  /** Told every request, for `-v`. */
  readonly log?: (line: string) => void
  /** Milliseconds in which a connection to a registry must come about; by default what the registries' room says. */
  readonly registryConnectTimeout?: number
  /** Told the headers (names in lower case) of every answer of a registry, by host. */
  readonly onRegistryAnswer?: (host: string, headers: Readonly<Record<string, string>>) => void
}

/** Who counts requests. A status is HTTP's; 0 where no answer came. */
export interface RequestObserver {
  clusterRequest(method: string, status: number): void
  registryRequest(host: string, status: number): void
}

/** How clusters are opened for these options. */
export function clusterOptionsOf({
  log,
  requests,
  stdinTaken,
  version,
  warn,
}: ContextOptions): ClusterOptions {
  return {
    version,
    warn,
    ...(stdinTaken && { stdinTaken }),
    ...((log || requests) && {
      log: ({ method, url, status, milliseconds }) => {
        requests?.clusterRequest(method, status)
        log?.(`${method} ${url} ${status || 'failed'} in ${Math.round(milliseconds)} ms`)
      },
    }),
  }
}

/**
 * Opens the cluster the flags name and the door to the registries.
 *
 * @param opened the cluster, where it is open already; it is closed with the context
 */
export async function openContext(
  options: ContextOptions,
  opened?: KubernetesClient,
): Promise<EngineContext> {
  const { allowCrossNamespaceSecrets, connection, env, log, registriesConf, warn } = options
  const ownRegistries = registriesConf ? await readRegistriesFile(registriesConf, warn) : undefined
  const clusterOptions = clusterOptionsOf(options)
  const cluster = opened ?? (await openCluster(connection, env, clusterOptions))
  const applications = new ClusterApplications(cluster)
  const plainHttp = await operatorRegistries(connection, env)
  const plainHttpHosts = [...options.plainHttpHosts, ...plainHttp]
  const secrets = new SecretReader(cluster)
  const projects = new ProjectReader(cluster)
  const found =
    ownRegistries ??
    (await readClusterRegistries(cluster, allowCrossNamespaceSecrets, warn).catch(async (error: unknown) => {
      await cluster.close()
      throw error
    }))
  const surroundings = { clock: systemClock, env, log, programTimeout: options.credentialTimeout, secrets }
  const vouched = vouchedRegistries(found.entries, [...plainHttpHosts, ...options.allowedHosts])
  const registry = openRegistryAccess({
    registries: configureRegistries(found, surroundings),
    allowedHosts: options.allowedHosts,
    trustedRealms: options.trustedRealms,
    env,
    home: options.home,
    plainHttpHosts,
    userAgent: `kubectl-image-updater/${options.version}`,
    warn: options.warn,
    ...(options.registryConnectTimeout && { timeouts: { connect: options.registryConnectTimeout } }),
    onResult: options.requests && ((host, status) => options.requests?.registryRequest(host, status)),
    ...(options.onRegistryAnswer && { onAnswer: options.onRegistryAnswer }),
  })
  const scopeOf = (rule: UpdateRule) => ruleScope(rule, secrets, vouched)
  const git = openGit(options, cluster, secrets, { registry, scopeOf })
  const destinations = new Map<string, Promise<Destination>>()
  const destinationOf = (application: Application) => {
    const { server = '', name = '' } = application.spec.destination ?? {}
    return remember(destinations, `${server} ${name}`, () =>
      openDestination({
        application,
        client: cluster,
        env,
        flags: connection,
        options: clusterOptions,
        workloadContext: options.workloadContext,
      }),
    )
  }
  const views = new Map<string, Promise<WorkloadView>>()
  const imageNames = new ImageNames(cacheFolder(env, options.home))
  let noted = Promise.resolve()
  return {
    allowCrossNamespaceSecrets,
    close: async () => {
      const opened = await Promise.all(
        [...destinations.values()].map((opening) => opening.catch(() => undefined)),
      )
      const others = opened.flatMap((destination) =>
        destination?.reachable && !destination.shared ? [destination.client] : [],
      )
      await Promise.all([
        noted,
        applications.close(),
        registry.close(),
        ...others.map((client) => client.close()),
      ])
    },
    applications,
    cluster,
    dates: new DateMemory(),
    git,
    concurrency: options.concurrency,
    forgetWorkloads: (application) => {
      for (const key of views.keys()) if (key.startsWith(`${fullName(application)}@`)) views.delete(key)
    },
    newCycle: () => {
      views.clear()
      secrets.newCycle()
      projects.newCycle()
      git.newCycle()
      registry.newCycle()
    },
    noteImages: (managed) => {
      noted = noted.then(() => imageNames.remember(cluster.target, imageNamesOf(managed)))
    },
    now: () => new Date(),
    projectOf: (application) => projects.read(application),
    registry,
    sightings: sightingFile(env, options.home, warn),
    scopeOf,
    workloadsOf: (application) => {
      const { resourceVersion = '' } = application.metadata
      return remember(views, `${fullName(application)}@${resourceVersion}`, async () =>
        readWorkloadView(application, await destinationOf(application)),
      )
    },
  }
}

function fullName({ metadata }: Application): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

function remember<T>(memory: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = memory.get(key)
  if (known) return known
  const made = make()
  memory.set(key, made)
  made.catch(() => memory.delete(key))
  return made
}
