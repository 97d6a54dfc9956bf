import { PullRequestError } from './pull-request-error.ts'

/** A repository's URL taken apart. */
export interface RepositoryAddress {
  /** Lower case, with a port only where the URL is one of http or https. */
  readonly host: string
  readonly protocol: 'http:' | 'https:' | 'ssh:'
  /** The parts of its path, decoded, without `.git` at the end. */
  readonly path: readonly string[]
}

/**
 * Reads `https://host/owner/name.git`, `ssh://git@host:22/owner/name` and `git@host:owner/name`.
 *
 * @throws PullRequestError of kind `address`; it never shows a password in the URL.
 */
export function parseRepositoryAddress(url: string): RepositoryAddress {
  const text = url.trim()
  const short = /^(?:[^@/\s:]+@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(?!\/\/)(.*)$/is.exec(text)
  if (short !== null) {
    const [, host = '', path = ''] = short
    return { host: host.toLowerCase(), protocol: 'ssh:', path: pathOf(path) }
  }
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (parsed?.protocol === 'ssh:') {
    return { host: parsed.hostname.toLowerCase(), protocol: 'ssh:', path: pathOf(parsed.pathname) }
  }
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') {
    return { host: parsed.host, protocol: parsed.protocol, path: pathOf(parsed.pathname) }
  }
  throw unreadable()
}

/** @throws PullRequestError when the path does not have `owner/name` at its begin. */
export function ownerAndName(path: readonly string[]): { readonly owner: string; readonly name: string } {
  const [owner, name] = path
  if (owner === undefined || name === undefined) throw noRepository()
  return { owner, name: name.replace(/\.git$/, '') }
}

/** @throws PullRequestError when the path is shorter than `group/name`. */
export function projectPath(path: readonly string[]): string {
  if (path.length < 2) throw noRepository()
  return path.join('/')
}

/** The parts of a path as they stand in a URL, where none of them can become more than one part. */
export function urlPath(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('')
}

function pathOf(path: string): string[] {
  const parts = path
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  const odd = parts.some((part) => part === '.' || part === '..' || /[\p{Cc}\p{Cf}/\\]/u.test(part))
  if (odd) throw unreadable()
  return parts
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw unreadable()
  }
}

function unreadable(): PullRequestError {
  return new PullRequestError(
    'address',
    'the URL of the repository cannot be read',
    'Pull requests need a URL like https://host/owner/name.git or git@host:owner/name.git',
  )
}

function noRepository(): PullRequestError {
  return new PullRequestError(
    'address',
    'the URL of the repository names no owner and repository',
    'It should look like https://host/owner/name.git',
  )
}
