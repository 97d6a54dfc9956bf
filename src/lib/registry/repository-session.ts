import type { Authentication } from './authentication.ts'
import {
  ANONYMOUS,
  type Credential,
  type CredentialLookup,
  sameCredential,
} from './credentials/credential.ts'
import type { RepositorySend } from './distribution.ts'
import type { RepositoryEndpoint } from './endpoint.ts'
import { statusFailure } from './status-failure.ts'

/**
 * Sends requests about one repository as whoever its credential says. When the registry refuses a
 * credential it is looked up once more, as logins expire and people log in again meanwhile; only a
 * changed one is tried.
 *
 * @returns a function whose answers are good ones; everything else is thrown as RegistryError.
 */
export function repositorySession(
  endpoint: RepositoryEndpoint,
  authentication: Authentication,
  lookup: CredentialLookup,
): RepositorySend {
  const find = async (rejected?: Credential) =>
    (await findCredential(endpoint, lookup, rejected)) ?? ANONYMOUS
  let current: Promise<Credential> | undefined
  return async (request) => {
    current ??= find()
    const credential = await current
    const response = await authentication.send(request, credential)
    if (response.status < 300) return { response, credential }
    if (response.status === 401 || response.status === 403) {
      current = find(credential)
      const again = await current
      if (!sameCredential(credential, again)) {
        const second = await authentication.send(request, again)
        if (second.status < 300) return { response: second, credential: again }
        throw statusFailure(second, request.subject, again)
      }
    }
    throw statusFailure(response, request.subject, credential)
  }
}

/** The first login for one of the hosts whose credentials may be sent; else what was said instead of one. */
export async function findCredential(
  { credentialHosts, repository }: RepositoryEndpoint,
  lookup: CredentialLookup,
  rejected?: Credential,
): Promise<Credential | undefined> {
  let otherwise: Credential | undefined
  for (const registry of credentialHosts) {
    const credential = await lookup({ registry, repository }, rejected)
    if (credential && credential.kind !== 'anonymous') return credential
    otherwise ??= credential
  }
  return otherwise
}
