import { UserError } from '../../errors.ts'
import { DOCKER_HUB, isDockerHub } from '../docker-hub.ts'
import type { Credential, CredentialTarget } from './credential.ts'

/** What of one entry under `auths` proves something; entries without a secret are left out. */
interface DockerAuth {
  readonly username: string
  readonly password: string
  readonly identityToken: string
}

/** A docker or podman configuration file, or a `.dockerconfigjson` Secret. */
export interface DockerConfig {
  readonly auths: ReadonlyMap<string, DockerAuth>
  /** Name of the credential helper for every host; '' when none. */
  readonly credsStore: string
  /** Names of credential helpers by host. */
  readonly credHelpers: ReadonlyMap<string, string>
}

class DockerConfigError extends UserError {}

/**
 * Reads `auths`, `credsStore` and `credHelpers`. `auth` is base64 of `user:password`, split at the first
 * colon; `username` and `password` stand in for it; `identitytoken` wins over both. An entry that cannot
 * be read is left out, as it is no use to anybody.
 *
 * @throws DockerConfigError when the text is not a JSON object. Never repeats the text.
 */
export function parseDockerConfig(text: string): DockerConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new DockerConfigError('the docker configuration is not JSON')
  }
  if (!isObject(json)) throw new DockerConfigError('the docker configuration is not a JSON object')
  const auths = new Map<string, DockerAuth>()
  for (const [key, entry] of Object.entries(asObject(json['auths']))) {
    const auth = parseAuth(asObject(entry))
    if (auth) auths.set(key, auth)
  }
  const helpers = Object.entries(asObject(json['credHelpers'])).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return { auths, credsStore: stringOf(json['credsStore']), credHelpers: new Map(helpers) }
}

/**
 * The entry for a repository: its registry must be equal (Docker Hub under any of its names), and where
 * the entry names a path, that must be whole leading parts of the repository's. The longest path wins.
 * `reg.example.co.uk` is no match for `reg.example.co`, nor `ghcr.io/team-a` for `ghcr.io/team-ab/app`.
 */
export function findAuth(
  config: DockerConfig,
  target: CredentialTarget,
  source: string,
): Credential | undefined {
  let best: { auth: DockerAuth; depth: number } | undefined
  for (const [key, auth] of config.auths) {
    const depth = matchDepth(key, target)
    if (depth !== undefined && (best === undefined || depth > best.depth)) best = { auth, depth }
  }
  if (best === undefined) return undefined
  const { username, password, identityToken } = best.auth
  return identityToken === ''
    ? { kind: 'password', username, password, source }
    : { kind: 'identity-token', token: identityToken, source }
}

/** The credential helper for a registry, '' when none: the one for its host, else the one for all. */
export function helperFor(config: DockerConfig, registry: string): string {
  for (const [key, helper] of config.credHelpers) {
    if (matchDepth(key, { registry, repository: '' }) === 0) return helper
  }
  return config.credsStore
}

/** How many path parts of an entry's key match the repository; undefined when the key is for something else. */
function matchDepth(key: string, target: CredentialTarget): number | undefined {
  const [host = '', ...path] = key
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/')
  if (host === '' || sameRegistry(host) !== sameRegistry(target.registry)) return undefined
  if (path.length === 1 && /^v[12]$/.test(path[0] ?? '')) return 0
  const parts = target.repository.split('/')
  return path.every((part, at) => part === parts[at]) ? path.length : undefined
}

function sameRegistry(host: string): string {
  return isDockerHub(host) ? DOCKER_HUB : host.toLowerCase().replace(/:443$/, '')
}

function parseAuth(entry: Record<string, unknown>): DockerAuth | undefined {
  const identityToken = stringOf(entry['identitytoken'])
  const decoded = Buffer.from(stringOf(entry['auth']), 'base64').toString('utf8').replace(/\0+$/, '')
  const colon = decoded.indexOf(':')
  const username = colon > 0 ? decoded.slice(0, colon) : stringOf(entry['username'])
  const password = colon > 0 ? decoded.slice(colon + 1) : stringOf(entry['password'])
  if (identityToken === '' && username === '') return undefined
  return { username, password, identityToken }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}
