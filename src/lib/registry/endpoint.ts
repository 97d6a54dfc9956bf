import { canonicalRegistry, type ImageReference } from '../image/reference.ts'
import { findEntry } from '../rules/registries-conf/find-entry.ts'
import type { ConfiguredRegistry } from './configured-registry.ts'
import { DOCKER_HUB, HUB_API_HOST, hubRepository, isDockerHub } from './docker-hub.ts'
import { checkHost, type HostRules, schemeFor } from './host-policy.ts'
import { RegistryError } from './registry-error.ts'

/** Where one repository is asked for. */
export interface RepositoryEndpoint {
  /** As people write it: `docker.io`, `registry.example.com:5000`. */
  readonly registry: string
  /** Repository as the API wants it, `library/` included. */
  readonly repository: string
  /** Scheme, host, port and perhaps a path of the API, no trailing slash. */
  readonly api: string
  /**
   * Registries whose credentials may be sent there, best first: that of the API itself, and the image's own
   * where the operator said that the API speaks for it.
   */
  readonly credentialHosts: readonly string[]
  /** The entry of a registries.conf that is for this repository. */
  readonly configured?: ConfiguredRegistry
}

/**
 * The API endpoint of the repository an image names, under the operator's host rules and the entries of a
 * registries.conf.
 *
 * @throws RegistryError of kind `refused` for addresses that may not be asked.
 */
export function endpointOf(
  image: ImageReference,
  rules: HostRules,
  registries: readonly ConfiguredRegistry[] = [],
): RepositoryEndpoint {
  const entry = findEntry(
    registries.map((each) => each.entry),
    image,
  )
  const configured = registries.find((each) => each.entry === entry)
  if (configured) return configuredEndpoint(image, configured, rules)
  const hub = isDockerHub(image.registry)
  const host = hub ? HUB_API_HOST : image.registry.toLowerCase()
  const registry = hub ? DOCKER_HUB : host
  const repository = hub ? hubRepository(image.repository) : image.repository
  const url = new URL(`${schemeFor(host, rules)}//${host}/`)
  checkHost(url, rules, { registry, repository, action: `ask for ${repository}` })
  return { registry, repository, api: url.origin, credentialHosts: [registry] }
}

function configuredEndpoint(
  image: ImageReference,
  configured: ConfiguredRegistry,
  rules: HostRules,
): RepositoryEndpoint {
  const { entry, trusted } = configured
  const url = new URL(entry.apiUrl)
  const apiRegistry = canonicalRegistry(url.host)
  const registry = image.registry === '' && entry.isDefault ? apiRegistry : canonicalRegistry(image.registry)
  const repository = namespaced(image.repository, registry, entry.defaultNamespace)
  const subject = { registry, repository, action: `ask for ${repository}` }
  const plain = schemeFor(url.host, rules) === 'http:'
  if (url.protocol === 'http:' && !plain) {
    throw new RegistryError('refused', subject, `its api_url ${entry.apiUrl} is plain http`, {
      remedy: `If that is acceptable, name it: --plain-http-registry ${url.host}`,
    })
  }
  if (plain) url.protocol = 'http:'
  checkHost(url, rules, subject)
  const credentialHosts = trusted && registry !== apiRegistry ? [apiRegistry, registry] : [apiRegistry]
  const api = `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  return { registry, repository, api, credentialHosts, configured }
}

/** `defaultns` in front of a name of one part; Docker Hub keeps its official images in `library`. */
function namespaced(repository: string, registry: string, defaultNamespace: string): string {
  if (repository.includes('/')) return repository
  if (defaultNamespace !== '') return `${defaultNamespace}/${repository}`
  return registry === DOCKER_HUB ? hubRepository(repository) : repository
}
