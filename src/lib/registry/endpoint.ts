import type { ImageReference } from '../image/reference.ts'
import { DOCKER_HUB, HUB_API_HOST, hubRepository, isDockerHub } from './docker-hub.ts'
import { checkHost, type HostRules, schemeFor } from './host-policy.ts'

/** Where one repository is asked for. */
export interface RepositoryEndpoint {
  /** As people write it: `docker.io`, `registry.example.com:5000`. */
  readonly registry: string
  /** Repository as the API wants it, `library/` included. */
  readonly repository: string
  /** Scheme, host and port of the API, no trailing slash. */
  readonly origin: string
}

/**
 * The API endpoint of the repository an image names, under the operator's host rules.
 *
 * @throws RegistryError of kind `refused` for addresses that may not be asked.
 */
export function endpointOf(image: ImageReference, rules: HostRules): RepositoryEndpoint {
  const hub = isDockerHub(image.registry)
  const host = hub ? HUB_API_HOST : image.registry.toLowerCase()
  const registry = hub ? DOCKER_HUB : host
  const repository = hub ? hubRepository(image.repository) : image.repository
  const url = new URL(`${schemeFor(host, rules)}//${host}/`)
  checkHost(url, rules, { registry, repository, action: `ask for ${repository}` })
  return { registry, repository, origin: url.origin }
}
