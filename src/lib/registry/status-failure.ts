import type { HttpResponse } from './bounded.ts'
import type { Credential } from './credentials/credential.ts'
import { DOCKER_HUB } from './docker-hub.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'
import { loginRemedy } from './token-exchange.ts'

/**
 * The error that a bad HTTP status means. Of the registry's own words only the error code of the
 * Distribution specification is passed on: its free text may repeat what was sent, secrets included.
 */
export function statusFailure(
  response: HttpResponse,
  subject: RequestSubject,
  credential: Credential,
): RegistryError {
  const { status } = response
  const code = errorCode(response.body)
  const said = code === '' ? `HTTP ${status}` : `HTTP ${status} ${code}`
  const anonymous = credential.kind === 'anonymous'
  const login = anonymous
    ? `without a login (${credential.source})`
    : `with the login from ${credential.source}`
  if (status === 401 && subject.registry === DOCKER_HUB) {
    return new RegistryError(
      'unauthorized',
      subject,
      `no such repository, or none that may be read ${login}`,
      {
        status,
        remedy: 'Check the name; for a private repository log in with: docker login',
      },
    )
  }
  if (status === 401) {
    const what = anonymous
      ? `it wants a login (${said})${credential.source === 'anonymous' ? '' : `; ${credential.source}`}`
      : `it refuses the login from ${credential.source} (${said})`
    return new RegistryError('unauthorized', subject, what, {
      status,
      remedy: loginRemedy(subject.registry, credential),
    })
  }
  if (status === 403) {
    return new RegistryError('forbidden', subject, `it may not be read ${login} (${said})`, {
      status,
      remedy: anonymous
        ? loginRemedy(subject.registry, credential)
        : 'Ask for the permission to pull from this repository',
    })
  }
  if (status === 404) {
    const what = code === 'NAME_UNKNOWN' ? 'no such repository' : 'not found'
    return new RegistryError('not-found', subject, `${what} (${said})`, {
      status,
      remedy: `Check the name${anonymous ? '; some registries say the same of a private repository to those not logged in' : ''}`,
    })
  }
  if (status >= 500) {
    return new RegistryError('unreachable', subject, `the registry is not well (${said})`, { status })
  }
  return new RegistryError('malformed', subject, `it answers ${said}`, { status })
}

/** The first error code of a Distribution error body: `NAME_UNKNOWN`, `DENIED`, …; '' when there is none. */
function errorCode(body: Buffer): string {
  try {
    const code: unknown = JSON.parse(body.toString('utf8'))?.errors?.[0]?.code
    return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : ''
  } catch {
    return ''
  }
}
