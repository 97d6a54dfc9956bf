import type { Connection } from './connection.ts'
import { checkConnection } from './connection-check.ts'
import type { ConnectionFlags, Surroundings } from './connection-flags.ts'
import { inClusterConnection, type ServiceAccountFiles } from './in-cluster.ts'
import {
  type ClusterEntry,
  type ContextEntry,
  EMPTY_CLUSTER,
  EMPTY_USER,
  type Impersonation,
  type Kubeconfig,
  KubeconfigError,
  type UserEntry,
} from './kubeconfig.ts'
import { parseRequestTimeout } from './request-timeout.ts'
import { serverUrl } from './server-url.ts'

/** Where kubectl turns when nothing at all is configured. */
const DEFAULT_SERVER = 'http://localhost:8080'

/**
 * Chooses context, cluster and user and lays the flags over them, with client-go's precedence: `--cluster`
 * and `--user` replace what the context names; `--server`, `--token` and the like replace single fields;
 * a CA or insecure flag replaces every trust setting of the entry, and `--server` clears its
 * tls-server-name. When kubeconfig and flags name nothing, the Pod's service account is used where there is
 * one, else the address kubectl falls back to.
 *
 * @throws KubeconfigError naming what exists when a context, cluster or user does not, or when the entries
 *   contradict themselves.
 */
export async function resolveConnection(
  kubeconfig: Kubeconfig,
  flags: ConnectionFlags,
  surroundings: Surroundings,
  serviceAccount?: ServiceAccountFiles,
): Promise<Connection> {
  const requestTimeout = parseRequestTimeout(flags['request-timeout'] ?? '')
  const contextName = flags.context || kubeconfig.currentContext
  const context = chooseContext(kubeconfig, contextName)
  const clusterName = flags.cluster || (context?.cluster ?? '')
  const userName = flags.user || (context?.user ?? '')
  const cluster = overrideCluster(chooseEntry(kubeconfig, 'cluster', clusterName, contextName, flags), flags)
  const user = overrideUser(chooseEntry(kubeconfig, 'user', userName, contextName, flags), flags)
  const common = { user, userName, contextNamespace: context?.namespace ?? '', requestTimeout }
  if (cluster.server !== '') {
    const connection = {
      ...common,
      context: contextName || cluster.server,
      server: serverUrl(cluster.server),
      cluster,
      addressNote: '',
    }
    await checkConnection(connection, clusterName)
    return connection
  }
  if (clusterName !== '') {
    throw new KubeconfigError(
      `cluster "${clusterName}" of the kubeconfig has no server (${fileList(kubeconfig)})`,
      'Add its server URL, or name one with --server',
    )
  }
  const inCluster = await inClusterConnection(surroundings.env, user, requestTimeout, serviceAccount)
  if (inCluster) return inCluster
  if (kubeconfig.contexts.size > 0 && context === undefined) {
    throw new KubeconfigError(
      `no context is selected: ${fileList(kubeconfig)} sets no current-context`,
      `Choose one with --context: ${names(kubeconfig.contexts)}`,
    )
  }
  const server = surroundings.env['KUBERNETES_MASTER'] || DEFAULT_SERVER
  const note =
    kubeconfig.files.length === 0 ? 'no kubeconfig was found' : `${fileList(kubeconfig)} names no cluster`
  const connection = {
    ...common,
    context: contextName || server,
    server: serverUrl(server),
    cluster: { ...cluster, server },
    addressNote: `${note}, so kubectl's default address was tried`,
  }
  await checkConnection(connection, '')
  return connection
}

function chooseContext(kubeconfig: Kubeconfig, name: string): ContextEntry | undefined {
  if (name === '') return undefined
  const context = kubeconfig.contexts.get(name)
  if (context) return context
  throw new KubeconfigError(
    `context "${name}" does not exist in ${fileList(kubeconfig)}`,
    kubeconfig.contexts.size === 0
      ? 'The kubeconfig defines no context at all; name the right file with --kubeconfig'
      : `Choose one that exists: ${names(kubeconfig.contexts)}`,
  )
}

function chooseEntry<Kind extends 'cluster' | 'user'>(
  kubeconfig: Kubeconfig,
  kind: Kind,
  name: string,
  contextName: string,
  flags: ConnectionFlags,
): Kind extends 'cluster' ? ClusterEntry : UserEntry
function chooseEntry(
  kubeconfig: Kubeconfig,
  kind: 'cluster' | 'user',
  name: string,
  contextName: string,
  flags: ConnectionFlags,
): ClusterEntry | UserEntry {
  const empty = kind === 'cluster' ? EMPTY_CLUSTER : EMPTY_USER
  if (name === '') return empty
  const entries: ReadonlyMap<string, ClusterEntry | UserEntry> =
    kind === 'cluster' ? kubeconfig.clusters : kubeconfig.users
  const entry = entries.get(name)
  if (entry) return entry
  // A flag can stand in for what the context's entry would have said, as in kubectl.
  if (kind === 'cluster' && !flags.cluster && flags.server) return empty
  if (kind === 'user' && !flags.user && (flags.token || flags['client-certificate'])) return empty
  const who = flags[kind] ? '' : `, which context "${contextName}" names,`
  throw new KubeconfigError(
    `${kind} "${name}"${who} does not exist in ${fileList(kubeconfig)}`,
    entries.size === 0
      ? `The kubeconfig defines no ${kind} at all; name the right file with --kubeconfig`
      : `Choose one that exists: ${names(entries)}`,
  )
}

function overrideCluster(entry: ClusterEntry, flags: ConnectionFlags): ClusterEntry {
  const insecure = flags['insecure-skip-tls-verify'] ?? false
  const authority = flags['certificate-authority'] ?? ''
  const trust =
    insecure || authority !== ''
      ? { insecureSkipTlsVerify: insecure, certificateAuthority: authority, certificateAuthorityData: '' }
      : {}
  const serverName =
    flags['tls-server-name'] || flags.server ? { tlsServerName: flags['tls-server-name'] ?? '' } : {}
  return { ...entry, ...trust, ...serverName, ...(flags.server ? { server: flags.server } : {}) }
}

function overrideUser(entry: UserEntry, flags: ConnectionFlags): UserEntry {
  const certificate = flags['client-certificate']
  const key = flags['client-key']
  return {
    ...entry,
    ...(flags.token ? { token: flags.token, tokenFile: '' } : {}),
    ...(certificate ? { clientCertificate: certificate, clientCertificateData: '' } : {}),
    ...(key ? { clientKey: key, clientKeyData: '' } : {}),
    impersonation: overrideImpersonation(entry.impersonation, flags),
  }
}

function overrideImpersonation(entry: Impersonation, flags: ConnectionFlags): Impersonation {
  const groups = flags['as-group'] ?? []
  const pairs = flags['as-user-extra'] ?? []
  const extra = new Map<string, string[]>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) {
      throw new KubeconfigError(
        `--as-user-extra "${pair}" is not key=value`,
        'Write for example --as-user-extra reason=incident-42',
      )
    }
    const key = pair.slice(0, equals)
    extra.set(key, [...(extra.get(key) ?? []), pair.slice(equals + 1)])
  }
  return {
    user: flags.as || entry.user,
    uid: flags['as-uid'] || entry.uid,
    groups: groups.length > 0 ? groups : entry.groups,
    extra: extra.size > 0 ? extra : entry.extra,
  }
}

function fileList(kubeconfig: Kubeconfig): string {
  return kubeconfig.files.length === 0
    ? 'the kubeconfig (no file was found)'
    : `kubeconfig ${kubeconfig.files.join(', ')}`
}

function names(entries: ReadonlyMap<string, unknown>): string {
  return [...entries.keys()].toSorted().join(', ')
}
