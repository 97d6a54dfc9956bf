import { UserError } from '../../errors.ts'
import type { CredentialSource } from '../../rules/credential-source.ts'
import type { Credential, CredentialTarget } from './credential.ts'
import {
  type DockerConfig,
  findAuth,
  parseDockerConfigJson,
  parseLegacyDockerConfig,
} from './docker-config.ts'
import { parseUserPassword } from './user-password.ts'

/** As much of a Kubernetes Secret as is read. */
export interface SecretObject {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly type?: unknown
  readonly data?: unknown
}

/** A Secret that does not hold what its user expects. */
export class SecretContentError extends UserError {}

export type SecretSource = Extract<CredentialSource, { type: 'pullsecret' | 'secret' }>

/** How people are told where a credential comes from: `pullsecret argocd/regcred`. Never the value. */
export function secretLabel(source: SecretSource): string {
  const field = source.type === 'secret' ? `#${source.field}` : ''
  return `${source.type} ${source.namespace}/${source.name}${field}`
}

/**
 * The entry of a pull Secret for a repository, by exact registry and whole path parts; undefined when it
 * has none. Reads `.dockerconfigjson`, and `.dockercfg` of old.
 *
 * @throws SecretContentError when the Secret is of another kind, DockerConfigError when it cannot be read.
 */
export function fromPullSecret(
  secret: SecretObject,
  target: CredentialTarget,
  label: string,
): Credential | undefined {
  return findAuth(readPullSecret(secret), target, label)
}

function readPullSecret(secret: SecretObject): DockerConfig {
  const current = dataOf(secret, '.dockerconfigjson')
  if (current !== undefined) return parseDockerConfigJson(current)
  const former = dataOf(secret, '.dockercfg')
  if (former !== undefined) return parseLegacyDockerConfig(former)
  throw new SecretContentError(
    `the Secret is not a pull secret (${typeOf(secret)}): it has no .dockerconfigjson`,
    'Make one with kubectl create secret docker-registry, or name a field: secret:<namespace>/<name>#<field>',
  )
}

/**
 * The `user:password` in a field of a Secret. What registry it is for, the value does not say.
 *
 * @throws SecretContentError or CredentialValueError; the value is never repeated.
 */
export function fromSecretField(secret: SecretObject, field: string, label: string): Credential {
  const text = dataOf(secret, field)
  if (text !== undefined) return { kind: 'password', ...parseUserPassword(text), source: label }
  const fields = Object.keys(asObject(secret.data))
  throw new SecretContentError(
    `the Secret has no field ${field}`,
    fields.length > 0 ? `It has ${fields.slice(0, 10).join(', ')}` : 'It is empty',
  )
}

/** A field, decoded from the base64 in which the API gives it; undefined when there is none. */
function dataOf(secret: SecretObject, field: string): string | undefined {
  const data = asObject(secret.data)
  const value = Object.hasOwn(data, field) ? data[field] : undefined
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined
}

function typeOf({ type }: SecretObject): string {
  return typeof type === 'string' && type !== '' ? type : 'Opaque'
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
