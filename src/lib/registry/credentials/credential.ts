/** What proves to a registry who asks. `source` says where it was found, for people; it is never a secret. */
export type Credential =
  | { readonly kind: 'anonymous'; readonly source: string }
  | {
      readonly kind: 'password'
      readonly username: string
      readonly password: string
      readonly source: string
    }
  /** A refresh token of an OAuth2 login, exchanged at the token realm. */
  | { readonly kind: 'identity-token'; readonly token: string; readonly source: string }

/** Which repository a credential is wanted for. */
export interface CredentialTarget {
  /** `docker.io`, `ghcr.io`, `registry.example.com:5000`. */
  readonly registry: string
  /** `org/app`; credentials may be bound to its leading parts. */
  readonly repository: string
}

/**
 * Finds the credential for a repository; undefined when this place has none. `rejected` is one the registry
 * has just refused: what was kept is then looked up anew.
 */
export type CredentialLookup = (
  target: CredentialTarget,
  rejected?: Credential,
) => Promise<Credential | undefined>

export const ANONYMOUS: Credential = { kind: 'anonymous', source: 'anonymous' }

/** Whether both would present the same secret. */
export function sameCredential(a: Credential, b: Credential): boolean {
  if (a.kind === 'password' && b.kind === 'password') {
    return a.username === b.username && a.password === b.password
  }
  if (a.kind === 'identity-token' && b.kind === 'identity-token') return a.token === b.token
  return a.kind === b.kind
}

/** What to share work by: the place and the account, not the secret. */
export function credentialKey(credential: Credential): string {
  return credential.kind === 'password' ? `${credential.source}\n${credential.username}` : credential.source
}
