import type { Clock } from './clock.ts'
import type { Credential, CredentialLookup } from './credentials/credential.ts'
import { KeptCredentials } from './credentials/kept-credential.ts'
import type { EcrApi } from './ecr-client.ts'

/** ECR tokens live twelve hours; half of that in milliseconds, as AWS's own credential helper does. */
const HALF_LIFE = 6 * 3_600_000

/**
 * Credentials for `/v2/` of an ECR host: a login of docker's or podman's if there is one, else a token of
 * the AWS identity, presented as Basic. `identity` is `AWS profile prod` or the like.
 */
export function ecrCredentials(
  api: Pick<EcrApi, 'authorizationToken'>,
  account: string,
  identity: string,
  clock: Clock,
  local: CredentialLookup,
): CredentialLookup {
  const kept = new KeptCredentials(() => clock.now(), HALF_LIFE)
  return async (target, rejected) => {
    const login = await local(target, rejected)
    if (login && login.kind !== 'anonymous') return login
    const token = await kept.find(account, rejected, async () =>
      decode(await api.authorizationToken(account).catch(() => undefined), `${identity}, ECR token`),
    )
    return token ?? login
  }
}

/** `user:password` in base64, as GetAuthorizationToken gives it. */
function decode(encoded: string | undefined, source: string): Credential | undefined {
  const decoded = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon <= 0) return undefined
  return { kind: 'password', username: decoded.slice(0, colon), password: decoded.slice(colon + 1), source }
}
