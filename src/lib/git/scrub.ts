import { withoutUserinfo } from './repository-url.ts'

const URLS = /[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi
const AUTHORIZATION = /(authorization:\s*(?:basic|bearer)\s+)\S+/gi
/** Tokens by the prefixes that their makers gave them for exactly this. */
const TOKENS =
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl(?:pat|ptt|cbt|dt)-[\w-]{16,}|ATBB\w{16,})/g

/**
 * A text of git's, of a server's or of a hook's without credentials: the given secrets, userinfo of URLs, and what
 * looks like a token.
 */
export function scrub(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((before, secret) => before.replaceAll(secret, '***'), text)
  return known.replace(URLS, withoutUserinfo).replace(AUTHORIZATION, '$1***').replace(TOKENS, '***')
}
