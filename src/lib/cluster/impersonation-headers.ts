import type { Impersonation } from './kubeconfig.ts'

/** Characters of an HTTP token (RFC 9110); everything else in an extra's key is percent-encoded, as is `%`. */
const TOKEN_CHARACTER = /[A-Za-z0-9!#$&'*+.^_`|~-]/

/** The Impersonate-* headers that make the API server act as somebody else; none for nobody. */
export function impersonationHeaders(impersonation: Impersonation): Record<string, string | string[]> {
  if (impersonation.user === '') return {}
  const headers: Record<string, string | string[]> = { 'impersonate-user': impersonation.user }
  if (impersonation.uid !== '') headers['impersonate-uid'] = impersonation.uid
  if (impersonation.groups.length > 0) headers['impersonate-group'] = [...impersonation.groups]
  for (const [key, values] of impersonation.extra) {
    // kubectl sends keys in lower case: the API server reads header names without regard to case.
    headers[`impersonate-extra-${escapeKey(key)}`] = [...values]
  }
  return headers
}

function escapeKey(key: string): string {
  return [...Buffer.from(key.toLowerCase(), 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return TOKEN_CHARACTER.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
