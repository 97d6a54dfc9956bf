import { UserError } from '../../errors.ts'
import { HUB_NAMES, isDockerHub } from '../docker-hub.ts'
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

export class DockerConfigError extends UserError {}

/**
 * Reads `auths`, `credsStore` and `credHelpers`. `auth` is base64 of `user:password`, split at the first
 * colon; `username` and `password` stand in for it; `identitytoken` wins over both. An entry that cannot
 * be read is left out, as it is no use to anybody.
 *
 * @throws DockerConfigError when the text is not a JSON object. Never repeats the text.
 */
export function parseDockerConfig(text: string): DockerConfig {
  const json = parseObject(text)
  const auths = readAuths(asObject(json['auths']))
  const helpers = Object.entries(asObject(json['credHelpers'])).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return { auths, credsStore: stringOf(json['credsStore']), credHelpers: new Map(helpers) }
}

/**
 * Reads the `.dockerconfigjson` of a Secret: `auths` alone, which must be there. Credential helpers are
 * programs, and a Secret may run none.
 *
 * @throws DockerConfigError; never repeats the text.
 */
export function parseDockerConfigJson(text: string): DockerConfig {
  const { auths } = parseObject(text)
  if (!isObject(auths)) throw new DockerConfigError('the docker configuration has no auths')
  return { auths: readAuths(auths), credsStore: '', credHelpers: new Map() }
}

/** Reads the `.dockercfg` of a Secret, where the entries are not under `auths`. */
export function parseLegacyDockerConfig(text: string): DockerConfig {
  return { auths: readAuths(parseObject(text)), credsStore: '', credHelpers: new Map() }
}

function parseObject(text: string): Record<string, unknown> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new DockerConfigError('the docker configuration is not JSON')
  }
  if (!isObject(json)) throw new DockerConfigError('the docker configuration is not a JSON object')
  return json
}

function readAuths(entries: Record<string, unknown>): Map<string, DockerAuth> {
  const auths = new Map<string, DockerAuth>()
  for (const [key, entry] of Object.entries(entries)) {
    const auth = parseAuth(asObject(entry))
    if (auth) auths.set(key, auth)
  }
  return auths
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
  return findAuthOf(config, namesOf(target.registry), target.repository, source)
}

/** The same, for a registry that goes by exactly these names. */
export function findAuthOf(
  config: DockerConfig,
  registryNames: readonly string[],
  repository: string,
  source: string,
): Credential | undefined {
  let best: { auth: DockerAuth; depth: number } | undefined
  for (const [key, auth] of config.auths) {
    const depth = matchDepth(key, registryNames, repository)
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
    if (matchDepth(key, namesOf(registry), '') === 0) return helper
  }
  return config.credsStore
}

/** How many path parts of an entry's key match the repository; undefined when the key is for something else. */
function matchDepth(key: string, registryNames: readonly string[], repository: string): number | undefined {
  const [host = '', ...path] = key
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/')
  if (host === '' || !registryNames.includes(withoutDefaultPort(host))) return undefined
  if (path.length === 1 && /^v[12]$/.test(path[0] ?? '')) return 0
  const parts = repository.split('/')
  return path.every((part, at) => part === parts[at]) ? path.length : undefined
}

/** Docker Hub has several names, any other registry one. */
function namesOf(registry: string): readonly string[] {
  return isDockerHub(registry) ? HUB_NAMES : [withoutDefaultPort(registry)]
}

function withoutDefaultPort(host: string): string {
  return host.toLowerCase().replace(/:443$/, '')
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
