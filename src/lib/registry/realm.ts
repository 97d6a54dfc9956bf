import { isIP } from 'node:net'
import { bareHost, checkHost, classifyAddress, type HostRules, namesHost } from './host-policy.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'

/** Token servers of registries whose tokens are handed out elsewhere than at the registry's own host. */
const KNOWN_REALMS: Readonly<Record<string, readonly string[]>> = {
  'registry-1.docker.io': ['auth.docker.io'],
  'registry.gitlab.com': ['gitlab.com'],
  'docker.elastic.co': ['docker-auth.elastic.co'],
  'registry.digitalocean.com': ['api.digitalocean.com'],
}

export interface RealmRules extends HostRules {
  /** Token servers the operator trusts with passwords, as `host` or `host:port`. */
  readonly trustedRealms: readonly string[]
}

/**
 * Decides whether the token server a registry names may be asked, and returns its address. A registry can
 * name any: https is a must (unless the registry itself is plain http, and then only at its own host or a
 * named one), address literals on private networks must be the registry itself, and no secret goes
 * anywhere but to the registry's own host, its known token server, or one the operator named.
 *
 * @throws RegistryError of kind `refused` or `malformed`.
 */
export function checkRealm(
  realm: string,
  registryOrigin: string,
  carriesSecret: boolean,
  rules: RealmRules,
  subject: RequestSubject,
): URL {
  if (!URL.canParse(realm)) {
    throw new RegistryError('malformed', subject, `its token server "${realm.slice(0, 200)}" is no address`)
  }
  const url = new URL(realm)
  const registry = new URL(registryOrigin)
  const refuse = (why: string, remedy = '') =>
    new RegistryError('refused', subject, `its token server ${url.protocol}//${url.host} ${why}`, { remedy })
  if (url.username !== '' || url.password !== '') throw refuse('comes with a user name')
  const own = url.host === registry.host && url.protocol === registry.protocol
  if (own) return url
  const plainHttp = registry.protocol === 'http:' && namesHost(rules.plainHttpHosts, url)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && plainHttp)) throw refuse('is not https')
  const trusted = namesHost(rules.trustedRealms, url)
  const known = namesHost(KNOWN_REALMS[registry.host] ?? [], url) && url.protocol === 'https:'
  if (carriesSecret && !known && !trusted) {
    throw refuse(
      `is not known to belong to ${registry.host}, so no password is sent there`,
      `If you trust it, add --trust-token-server ${url.host}`,
    )
  }
  const address = bareHost(url)
  if (isIP(address) !== 0 && classifyAddress(address) !== 'public' && !trusted) {
    throw refuse('is a private address', 'Have the registry name its token server by a host name')
  }
  checkHost(url, { ...rules, allowedHosts: [...rules.allowedHosts, ...rules.trustedRealms] }, subject)
  return url
}
