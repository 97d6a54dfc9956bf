import { parseEcrHost } from './ecr-host.ts'

/** Registries that many share: whoever owns a repository there sees no password of those who pull from it. */
const HOSTS = new Set([
  'docker.io',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'public.ecr.aws',
  'registry.gitlab.com',
  'registry.digitalocean.com',
])
const DOMAINS = ['.gcr.io', '.pkg.dev', '.azurecr.io']

/** Whether a registry is run by a known provider for others, so that naming it cannot be a trap. */
export function isSharedRegistry(registry: string): boolean {
  const host = registry.toLowerCase()
  return (
    HOSTS.has(host) || DOMAINS.some((domain) => host.endsWith(domain)) || parseEcrHost(host) !== undefined
  )
}
