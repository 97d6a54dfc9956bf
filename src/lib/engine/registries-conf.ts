import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ClusterClient } from '../cluster/client.ts'
import { isForbidden, isNotFound } from '../cluster/status-error.ts'
import { UserError } from '../errors.ts'
import { canonicalRegistry } from '../image/reference.ts'
import type { ConfiguredRegistry } from '../registry/configured-registry.ts'
import { ownedFile } from '../registry/credentials/owned-file.ts'
import { prefixOf, shadowedEntries } from '../rules/registries-conf/find-entry.ts'
import { restrictToCluster } from '../rules/registries-conf/from-cluster.ts'
import { parseRegistriesConf } from '../rules/registries-conf/parse.ts'
import type { RegistryEntry } from '../rules/registries-conf/registry-entry.ts'
import { type CredentialSurroundings, entryCredentials } from './registry-credentials.ts'

/** The file an operator named cannot be used. */
export class RegistriesFileError extends UserError {}

/** A registries.conf that was found. */
export interface FoundRegistries {
  readonly entries: readonly RegistryEntry[]
  /** Whether the operator wrote it, rather than somebody in a cluster. */
  readonly trusted: boolean
}

const CONFIG_MAP = 'argocd-image-updater-config'
const KEY = 'registries.conf'
const ARGO_CD = 'argocd'
const LARGEST_FILE = 1024 * 1024

/**
 * Reads the operator's own file. It may name programs, variables and files of this machine, so it must be
 * theirs.
 *
 * @throws RegistriesFileError, OwnedFileError or RegistriesConfError
 */
export async function readRegistriesFile(
  path: string,
  warn: (text: string) => void,
): Promise<FoundRegistries> {
  const file = await ownedFile(path)
  const { size } = await stat(file)
  if (size > LARGEST_FILE)
    throw new RegistriesFileError(`${path} is larger than 1 MiB`, 'Name the right file')
  const entries = parseRegistriesConf(await readFile(file, 'utf8'), path)
  for (const text of shadowedEntries(entries)) warn(`${path}, ${text}`)
  const folder = dirname(file)
  return {
    entries: entries.map((entry) =>
      entry.caFile === undefined ? entry : { ...entry, caFile: resolve(folder, entry.caFile) },
    ),
    trusted: true,
  }
}

/**
 * Reads the ConfigMap that argocd-image-updater is configured with, from the namespace of the Applications
 * or else from `argocd`. That there is none is usual; one that may not be read or makes no sense is told
 * and does without. Nothing of it may reach into this machine.
 *
 * @throws ClusterError when the cluster cannot be asked at all
 */
export async function readClusterRegistries(
  cluster: Pick<ClusterClient, 'get' | 'target'>,
  allowCrossNamespaceSecrets: boolean,
  warn: (text: string) => void,
): Promise<FoundRegistries> {
  const namespaces = new Set([cluster.target.namespace || ARGO_CD, ARGO_CD])
  const found = await Promise.all(
    [...namespaces].map(async (namespace) => ({ namespace, ...(await readConfigMap(cluster, namespace)) })),
  )
  for (const { namespace, text = '' } of found) {
    if (text === '') continue
    const place = `${KEY} of ConfigMap ${namespace}/${CONFIG_MAP}`
    try {
      const written = parseRegistriesConf(text, place)
      const { entries, warnings } = restrictToCluster(written, { namespace, allowCrossNamespaceSecrets })
      for (const warning of [...warnings, ...shadowedEntries(entries)]) warn(`${place}, ${warning}`)
      return { entries, trusted: false }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      warn(`${error.message}; none of it is used. ${error.remedy}, or use --registries-conf`)
      return { entries: [], trusted: false }
    }
  }
  const [forbidden] = found.filter(({ refusal }) => refusal !== undefined)
  if (forbidden) {
    warn(`${forbidden.refusal}; if it configures registries, name a copy with --registries-conf`)
  }
  return { entries: [], trusted: false }
}

/** The entries with their credentials, ready for the registries. */
export function configureRegistries(
  { entries, trusted }: FoundRegistries,
  surroundings: CredentialSurroundings,
): ConfiguredRegistry[] {
  return entries.map((entry) => {
    const credentials = entryCredentials(entry, surroundings)
    return { entry, trusted, ...(credentials && { credentials }) }
  })
}

/** Registries, as credentials know them, that the entries or the operator's flags name. */
export function vouchedRegistries(
  entries: readonly RegistryEntry[],
  hosts: readonly string[],
): ReadonlySet<string> {
  const named = entries.flatMap((entry) => [new URL(entry.apiUrl).host, prefixOf(entry).split('/')[0] ?? ''])
  return new Set([...named, ...hosts].map(canonicalRegistry))
}

async function readConfigMap(
  cluster: Pick<ClusterClient, 'get'>,
  namespace: string,
): Promise<{ text?: string; refusal?: string }> {
  try {
    const path = { group: '', version: 'v1', resource: 'configmaps', namespace, name: CONFIG_MAP }
    const { data } = (await cluster.get(path)) as { data?: unknown }
    const text = typeof data === 'object' && data !== null && KEY in data ? data[KEY] : undefined
    return typeof text === 'string' ? { text } : {}
  } catch (error) {
    if (isNotFound(error)) return {}
    if (isForbidden(error)) return { refusal: error.message }
    throw error
  }
}
