import { UserError } from '../../errors.ts'

/** What should hold a user name and a password does not; never repeats it. */
export class CredentialValueError extends UserError {}

/**
 * Reads `user:password`, split at the first colon. The user name must look like one: a JSON document or a
 * key that happens to hold a colon is a secret of another kind, and must not be sent anywhere.
 *
 * @throws CredentialValueError when either half is missing.
 */
export function parseUserPassword(text: string): { username: string; password: string } {
  const value = text.replace(/[\r\n]+$/, '')
  const colon = value.indexOf(':')
  const username = value.slice(0, Math.max(colon, 0))
  const password = value.slice(colon + 1)
  if (colon > 0 && password !== '' && /^[^\s"'{}[\]]+$/.test(username) && !/[\r\n]/.test(password)) {
    return { username, password }
  }
  throw new CredentialValueError(
    'it does not hold user:password',
    'Store the user name, a colon and the password',
  )
}
