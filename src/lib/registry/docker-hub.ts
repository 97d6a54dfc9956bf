/** Docker Hub as image names call it, where its API is, and the key of its entry in docker's own files. */
export const DOCKER_HUB = 'docker.io'
export const HUB_API_HOST = 'registry-1.docker.io'
export const HUB_CREDENTIAL_KEY = 'https://index.docker.io/v1/'

/** What Docker Hub is called in credential files. */
export const HUB_NAMES: readonly string[] = [DOCKER_HUB, 'index.docker.io', HUB_API_HOST]

/** Whether a registry host of an image name means Docker Hub; '' does. */
export function isDockerHub(host: string): boolean {
  return host === '' || HUB_NAMES.includes(host.toLowerCase())
}

/** Official images live under `library/`. */
export function hubRepository(repository: string): string {
  return repository.includes('/') ? repository : `library/${repository}`
}
