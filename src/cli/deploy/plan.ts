import type { Interfaces } from '@oclif/core'
import { WORKLOAD_KINDS } from '../../lib/application/workload.ts'
import type { ClusterNeeds } from '../../lib/deploy/cluster-needs.ts'
import type { InClusterWatch, WatchShard } from '../../lib/deploy/in-cluster-watch.ts'
import type { ShardSelector } from '../../lib/deploy/shards.ts'
import { rightsFor } from '../../lib/engine/doctor/rights.ts'
import { parseListenAddress } from '../../lib/metrics/listen-address.ts'
import { resourceName } from '../image-updater-name.ts'
import { VERSION } from '../version.ts'
import type { DeployedFiles } from './files.ts'
import { DeployFlagError } from './flag-error.ts'
import type { deployFlags } from './flags.ts'
import { flagArguments } from './watch-flags.ts'

export type DeployFlags = Interfaces.InferredFlags<typeof deployFlags>

/** Where everything is, as flags and cluster say. */
export interface DeployPlace {
  /** Of the Applications; '' for all namespaces. */
  readonly applications: string
  readonly pods: string
  /** Of the API server as it is reached from here; undefined where that is not known. */
  readonly serverPort: number | undefined
}

const IMAGE = 'ghcr.io/kubectl-image-updater/kubectl-image-updater'
/** Where the account of a service in EKS finds its role. */
const IRSA = 'eks.amazonaws.com/role-arn'
/** HTTPS, and where API servers listen behind the address of their Service. */
const USUAL_PORTS = [443, 6443]

/** What runs in the cluster for these flags. @throws DeployFlagError, ListenAddressError */
export function inClusterWatch(
  names: readonly string[],
  flags: DeployFlags,
  shards: readonly ShardSelector[],
  place: DeployPlace,
  needs: ClusterNeeds,
  files: DeployedFiles,
): InClusterWatch {
  const git = flags.git ?? (needs.git || flags['pull-request'] !== undefined)
  const name = objectName('--name', flags.name)
  const leases = flags.lease !== undefined || !flags['read-only']
  const leaseOf = (shard: string) =>
    [flags.lease || name, shard, flags.lease ? '' : 'watch'].filter(Boolean).join('-')
  const parts = shards.length > 0 ? shards : [{ name: '', selector: '' }]
  const leaseNamespace = flags['lease-namespace'] || place.applications || place.pods
  const rights = {
    ...needs.rights,
    ...workloadPlaces(flags, needs),
    repositories: git && flags['git-credentials'] === 'argocd' ? repositories(place, needs) : [],
    watchesRollouts: !flags['read-only'],
    writes: !flags['read-only'],
    leases: leases ? parts.map((part) => ({ name: leaseOf(part.name), namespace: leaseNamespace })) : [],
  }
  const environment = pairs('--env', flags.env)
  const listen = metricsAddress(flags['metrics-addr'])
  const common = {
    ...flags,
    ...files.flags,
    lease: undefined,
    'metrics-addr': listen.text,
    namespace: place.applications === '' ? undefined : place.applications,
    'all-namespaces': place.applications === '',
  }
  return {
    name,
    namespace: place.pods,
    createNamespace: flags['create-namespace'],
    version: VERSION,
    image: flags.image ?? `${IMAGE}:v${VERSION}${git ? '-git' : ''}`,
    imagePullSecrets: flags['image-pull-secret'] ?? [],
    replicas: flags.replicas ?? (leases ? 2 : 1),
    shards: parts.map((part): WatchShard => {
      const selector = [part.selector, flags.selector].filter(Boolean).join(',')
      const values = {
        ...common,
        selector: selector || undefined,
        lease: leases ? leaseOf(part.name) : undefined,
      }
      const json = flags['log-format'] === 'json' ? ['--output=json'] : []
      return { name: part.name, args: ['watch', ...flagArguments(values), ...json, ...operands(names)] }
    }),
    metricsPort: listen.port,
    environment,
    environmentSecrets: flags['env-from-secret'] ?? [],
    files: files.files,
    mountedSecrets: flags['mount-secret'] ?? [],
    serviceAccountAnnotations: new Map([
      ...(flags['irsa-role-arn'] ? [[IRSA, flags['irsa-role-arn']] as const] : []),
      ...pairs('--service-account-annotation', flags['service-account-annotation']),
    ]),
    rights: rightsFor(rights),
    egressPorts: flags['network-policy'] ? ports(flags, place, needs, environment, git) : undefined,
    podMonitor: flags['pod-monitor'],
    budgetVersion: needs.budgetVersion,
  }
}

/** Names that begin with a dash are no flags. */
function operands(names: readonly string[]): readonly string[] {
  return names.some((name) => name.startsWith('-')) ? ['--', ...names] : names
}

/** Where workloads are, as --workload-rights widens or narrows it. */
function workloadPlaces(flags: DeployFlags, { rights }: ClusterNeeds) {
  const restarts = flags['read-only'] ? [] : (rights.restarts ?? rights.workloads)
  switch (flags['workload-rights']) {
    case 'none':
      return { restarts: [], workloads: [] }
    case 'all':
      return {
        restarts: flags['read-only'] ? [] : [''],
        workloads: [''],
        workloadTypes: Object.values(WORKLOAD_KINDS),
      }
    case 'found':
      return { restarts }
  }
}

function repositories({ applications, pods }: DeployPlace, { rights }: ClusterNeeds): readonly string[] {
  return rights.repositories.length > 0 ? rights.repositories : [applications || pods]
}

function ports(
  flags: DeployFlags,
  { serverPort }: DeployPlace,
  { registries }: ClusterNeeds,
  environment: ReadonlyMap<string, string>,
  git: boolean,
): number[] {
  const plain = flags['plain-http-registry'] ?? []
  const hosts = [
    ...registries,
    ...plain,
    ...(flags['allow-registry'] ?? []),
    ...(flags['trust-token-server'] ?? []),
    ...(flags['allow-git-host'] ?? []),
  ]
  const proxies = [...environment].filter(([name]) => /^(?:https?|all)_proxy$/i.test(name))
  const all = [
    ...USUAL_PORTS,
    ...(serverPort === undefined ? [] : [serverPort]),
    ...(git ? [22] : []),
    ...(plain.some((host) => portOf(host) === undefined) ? [80] : []),
    ...hosts.map(portOf),
    ...proxies.map(([, address]) => portOf(address.replace(/^\w+:\/\//, '').replace(/\/.*$/, ''))),
  ]
  return [...new Set(all.filter((port) => port !== undefined))].toSorted((a, b) => a - b)
}

function portOf(host: string): number | undefined {
  const port = /:(\d{1,5})$/.exec(host)?.[1]
  return port === undefined ? undefined : Number(port)
}

/** @throws DeployFlagError where the kubelet could not ask for it */
function metricsAddress(text = ':8080') {
  const { host, port } = parseListenAddress('--metrics-addr', text)
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::'
  if (everywhere && port >= 1024) return { port, text }
  throw new DeployFlagError(
    `--metrics-addr ${text} is of no use in a Pod: the kubelet asks its address, and below 1024 only root may listen`,
    'Write for example :8080',
  )
}

function pairs(flag: string, texts: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const equals = text.indexOf('=')
      if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)]
      throw new DeployFlagError(`${flag} "${text}" is not NAME=VALUE`, 'Put the value behind an equals sign')
    }),
  )
}

/** The name of a Service, which is the narrowest, has room for the name of a shard and "-metrics". */
function objectName(flag: string, name: string): string {
  if (name.length <= 50 && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(resourceName(flag, name))) return name
  throw new DeployFlagError(
    `${flag} "${name}" cannot be the name of all objects`,
    'Use at most 50 lower-case letters, digits and "-", beginning with a letter',
  )
}
