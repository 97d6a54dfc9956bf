import type { RegistryEntry } from '../rules/registries-conf/registry-entry.ts'
import type { CredentialLookup } from './credentials/credential.ts'
import type { HostRules } from './host-policy.ts'
import type { HostTls } from './transport.ts'

/** An entry of a registries.conf, ready to be used. */
export interface ConfiguredRegistry {
  readonly entry: RegistryEntry
  /** Absent: the operator's own login is used. */
  readonly credentials?: CredentialLookup
  /** Whether the operator wrote it, rather than somebody in a cluster. */
  readonly trusted: boolean
}

/** The hosts that the operator's own entries vouch for. */
export function vouchedHosts(registries: readonly ConfiguredRegistry[]): HostRules {
  const urls = registries.filter(({ trusted }) => trusted).map(({ entry }) => new URL(entry.apiUrl))
  return {
    allowedHosts: urls.map(({ host }) => host),
    plainHttpHosts: urls.filter(({ protocol }) => protocol === 'http:').map(({ host }) => host),
  }
}

/** Requests a second that the entries grant a host; the least of them, undefined when none sets a limit. */
export function configuredLimit(registries: readonly ConfiguredRegistry[], host: string): number | undefined {
  const limits = registries.flatMap(({ entry }) =>
    entry.limit !== undefined && new URL(entry.apiUrl).host === host ? [entry.limit] : [],
  )
  return limits.length === 0 ? undefined : Math.min(...limits)
}

/** How the certificates of the entries' hosts are verified. */
export function configuredTls(registries: readonly ConfiguredRegistry[]): HostTls[] {
  return registries.flatMap(({ entry }) => {
    const { insecure, caFile, caData, apiUrl } = entry
    if (!insecure && caFile === undefined && caData === undefined) return []
    const { host } = new URL(apiUrl)
    return [{ host, insecure, ...(caFile && { caFile }), ...(caData && { caData }) }]
  })
}
