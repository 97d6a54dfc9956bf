import type { SecretReader } from '../cluster/secrets.ts'
import { UserError } from '../errors.ts'
import type { Clock } from '../registry/clock.ts'
import type { Credential, CredentialLookup, CredentialTarget } from '../registry/credentials/credential.ts'
import { KeptCredentials } from '../registry/credentials/kept-credential.ts'
import { askProgram, readVariable } from '../registry/credentials/program-credential.ts'
import {
  fromPullSecret,
  fromSecretField,
  type SecretSource,
  secretLabel,
} from '../registry/credentials/secret-credential.ts'
import type { RegistryScope } from '../registry/registry.ts'
import { isSharedRegistry } from '../registry/shared-hosts.ts'
import { ANNOTATION_PREFIX } from '../rules/annotation-keys.ts'
import { type CredentialSource, parseCredentialSource } from '../rules/credential-source.ts'
import type { RegistryEntry } from '../rules/registries-conf/registry-entry.ts'
import { liesIn } from '../rules/registry-scope.ts'
import type { UpdateRule } from '../rules/update-rule.ts'

/** A credential source that gives no credential; says which source, never its value. */
export class CredentialSourceFailure extends UserError {}

export interface CredentialSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Absent where no cluster is asked. */
  readonly secrets?: SecretReader | undefined
  /** Milliseconds a program of an `ext:` source may take. */
  readonly programTimeout: number
  /** Told every program before it runs. */
  readonly log?: ((line: string) => void) | undefined
}

/** The annotation by which the owner of a Secret says where its password may be sent. */
export const SECRET_REGISTRY = `${ANNOTATION_PREFIX}registry`
/** A program that failed is not asked again for every image, milliseconds. */
const FAILURE_STANDS = 60_000

/** The credential of an entry of a registries.conf; which sources are allowed was decided before. */
export function entryCredentials(
  { credentials, credentialsLifetime = Number.POSITIVE_INFINITY }: RegistryEntry,
  surroundings: CredentialSurroundings,
): CredentialLookup | undefined {
  const find = credentials && sourceLookup(credentials.source, credentialsLifetime, surroundings)
  const registry = credentials?.source.registry ?? ''
  if (find === undefined || registry === '') return find
  return async (target, rejected) => (liesIn(registry, target) ? find(target, rejected) : undefined)
}

function sourceLookup(
  source: CredentialSource,
  credentialsLifetime: number,
  surroundings: CredentialSurroundings,
): CredentialLookup | undefined {
  const { env, clock, secrets } = surroundings
  switch (source.type) {
    case 'env':
      return async () => readVariable(source.variable, env)
    case 'ext': {
      const kept = new KeptCredentials(() => clock.now(), credentialsLifetime, FAILURE_STANDS)
      const { programTimeout: timeout, log } = surroundings
      return (_, rejected) =>
        kept.find(source.path, rejected, () => askProgram(source.path, { env, clock, timeout, log }))
    }
    default:
      if (secrets === undefined) return undefined
      return async (target, rejected) => {
        const credential = await readSecret(secrets, source, target, rejected)
        const none = `anonymous, as ${secretLabel(source)} has no login for ${target.registry}`
        return credential ?? { kind: 'anonymous', source: none }
      }
  }
}

/**
 * The credential that a rule names for its image; undefined when it names none. A pull Secret says itself
 * which registries its logins are for. A bare `user:password` does not, and the rule's word is not enough:
 * whoever may write the rule could have any such Secret of the namespace sent to a registry of their own.
 * So it goes only to a registry that somebody else vouches for.
 *
 * @param vouched hosts that the operator's flags or a registries.conf name
 */
export function ruleScope(
  rule: UpdateRule,
  secrets: SecretReader,
  vouched: ReadonlySet<string>,
): RegistryScope | undefined {
  if (rule.pullSecret === undefined) return undefined
  const source = parseCredentialSource(rule.pullSecret)
  if (source.type !== 'pullsecret' && source.type !== 'secret') return undefined
  const { registry } = source
  return {
    key: registry === '' ? secretLabel(source) : `${secretLabel(source)} (for ${registry})`,
    credentials: async (target, rejected) => {
      if (registry !== '' && !liesIn(registry, target)) return undefined
      if (source.type === 'secret') await checkDestination(secrets, source, target, vouched)
      return readSecret(secrets, source, target, rejected)
    },
  }
}

async function readSecret(
  secrets: SecretReader,
  source: SecretSource,
  target: CredentialTarget,
  rejected: Credential | undefined,
): Promise<Credential | undefined> {
  const label = secretLabel(source)
  return explained(source, async () => {
    const secret = await secrets.read(source.namespace, source.name, rejected !== undefined)
    return source.type === 'secret'
      ? fromSecretField(secret, source.field, label)
      : fromPullSecret(secret, target, label)
  })
}

async function checkDestination(
  secrets: SecretReader,
  source: SecretSource,
  target: CredentialTarget,
  vouched: ReadonlySet<string>,
): Promise<void> {
  if (isSharedRegistry(target.registry) || vouched.has(target.registry)) return
  const secret = await explained(source, () => secrets.read(source.namespace, source.name))
  const stated = secret.metadata.annotations?.[SECRET_REGISTRY] ?? ''
  if (stated.split(',').some((scope) => liesIn(scope.trim(), target))) return
  throw new CredentialSourceFailure(
    `${secretLabel(source)} is not sent to ${target.registry}: only the rule says that it belongs there`,
    `Annotate the Secret with ${SECRET_REGISTRY}: ${target.registry}, or list the registry in registries.conf`,
  )
}

async function explained<T>(source: SecretSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    throw new CredentialSourceFailure(`${secretLabel(source)}: ${cause.message}`, cause.remedy, { cause })
  }
}
