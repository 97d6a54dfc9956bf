import { GitError } from './git-error.ts'

/** Where a repository is, in one of git's two spellings: a URL, or `user@host:path`. */
export interface RepositoryUrl {
  readonly transport: 'https' | 'http' | 'ssh'
  /** '' when none is named. */
  readonly user: string
  /** Lower case, without brackets. */
  readonly host: string
  /** 0: the transport's own. */
  readonly port: number
  /** Without the slash in front; its case is kept. */
  readonly path: string
  /** As it is handed to git: carries no password. */
  readonly href: string
}

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s\\]/u
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i
const DEFAULT_PORT = { https: 443, http: 80, ssh: 22 } as const

/**
 * Reads the URL of a repository. Only https, http and ssh exist here: git's other transports run programs
 * (`ext::`), read local folders (`file://`) or are unprotected (`git://`).
 *
 * @throws GitError of kind `url`
 */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  const url = text.trim()
  if (url === '') throw unusable(url, 'is empty')
  if (UNSAFE.test(url)) throw unusable(url, 'holds blanks, backslashes or control characters')
  if (url.startsWith('-')) throw unusable(url, 'looks like an option')
  if (/^[a-z0-9+.-]+::/i.test(url)) throw unusable(url, 'would run a program')
  const scheme = SCHEME.exec(url)?.[1]?.toLowerCase()
  const parsed = scheme === undefined ? parseScpLike(url) : parseWithScheme(url, scheme)
  const { user, host, path } = parsed
  if (host === '' || path === '') throw unusable(url, 'names no host or no repository')
  if (user.startsWith('-') || host.startsWith('-') || path.startsWith('-')) {
    throw unusable(url, 'holds a part that looks like an option')
  }
  if (path.split('/').includes('..')) throw unusable(url, 'leaves its folder with ..')
  return parsed
}

/** Whether a text reads as an SSH address; says nothing about whether it is usable. */
export function isSshUrl(text: string): boolean {
  return /^ssh:\/\//i.test(text) || (!SCHEME.test(text) && /^[^/]+@[^@/]+$|^[^/]+@[^@/:]+:/.test(text))
}

/** The user of an SSH address; '' for others. A user may contain `@`. */
export function sshUser(text: string): string {
  return isSshUrl(text) ? parseRepositoryUrl(text).user : ''
}

/** `host:port` of an SSH address, as known_hosts files know it; '' for others. */
export function sshHostAndPort(text: string): string {
  if (!isSshUrl(text)) return ''
  const { host, port } = parseRepositoryUrl(text)
  return `${host.includes(':') ? `[${host}]` : host}:${port || DEFAULT_PORT.ssh}`
}

/**
 * The form in which two spellings of one repository are equal: lower case, without scheme (SSH), user (HTTPS),
 * default port, trailing slash and `.git`. The rule, lower case included, is Argo CD's (NormalizeGitURL).
 */
export function normalizeRepositoryUrl(text: string): string {
  const { transport, user, host, port, path } = parseRepositoryUrl(text)
  const name = host.includes(':') ? `[${host}]` : host
  const place = `${name}${port ? `:${port}` : ''}/${path.replace(/\/+$/, '').replace(/\.git$/i, '')}`
  const spelled = transport === 'ssh' ? `${user ? `${user}@` : ''}${place}` : `${transport}://${place}`
  return spelled.toLowerCase()
}

/** Whether two texts mean the same repository; one that cannot be read is the same as none. */
export function sameRepositoryUrl(a: string, b: string): boolean {
  try {
    return normalizeRepositoryUrl(a) === normalizeRepositoryUrl(b)
  } catch (error) {
    if (error instanceof GitError) return false
    throw error
  }
}

function parseWithScheme(url: string, scheme: string): RepositoryUrl {
  if (scheme !== 'https' && scheme !== 'http' && scheme !== 'ssh') {
    throw unusable(url, `uses ${scheme}://, which is never used`)
  }
  const rest = url.slice(scheme.length + 3)
  const slash = rest.search(/[/?#]/)
  const authority = slash < 0 ? rest : rest.slice(0, slash)
  if (/[?#]/.test(rest)) throw unusable(url, 'has a query or a fragment')
  const at = authority.lastIndexOf('@')
  const userinfo = at < 0 ? '' : authority.slice(0, at)
  if (userinfo.includes(':')) {
    throw new GitError(
      'url',
      `the repository URL ${withoutUserinfo(url)} carries a password`,
      'Keep it in a repository Secret of Argo CD or in your git credential helper, and remove it from the URL',
    )
  }
  const place = /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::(.*))?$/i.exec(authority.slice(at + 1))
  if (!place) throw unusable(url, 'has an unreadable host')
  const written = place[2] ?? ''
  // `ssh://git@host:path`, which people write and mean `git@host:path`.
  const misplaced = scheme === 'ssh' && written !== '' && !/^\d+$/.test(written)
  if (!misplaced && written !== '' && !(/^\d{1,5}$/.test(written) && Number(written) < 65_536)) {
    throw unusable(url, 'has an unreadable port')
  }
  const folders = trimSlashes(slash < 0 ? '' : rest.slice(slash))
  const port = misplaced || Number(written) === DEFAULT_PORT[scheme] ? 0 : Number(written)
  return made(
    scheme,
    userinfo,
    place[1] ?? '',
    port,
    misplaced ? trimSlashes(`${written}/${folders}`) : folders,
  )
}

/** git's short form; its path is relative to the user's home folder. */
function parseScpLike(url: string): RepositoryUrl {
  const match = /^(?:([^/]+)@)?(\[[0-9a-f:.]+\]|[^@:/[\]]+):(.+)$/i.exec(url)
  if (!match) throw unusable(url, 'is neither a URL nor user@host:path')
  const [, user = '', host = '', path = ''] = match
  if (host.length === 1) throw unusable(url, 'is a path on a drive')
  return { ...made('ssh', user, host, 0, trimSlashes(path)), href: url }
}

function made(
  transport: RepositoryUrl['transport'],
  user: string,
  written: string,
  port: number,
  path: string,
): RepositoryUrl {
  // URL also turns numeric spellings of an address (2130706433, 0x7f.1) into the usual one, so that none slips past a check.
  const spelled = `https://${written}/`
  const host = URL.canParse(spelled) ? new URL(spelled).hostname : ''
  const authority = `${user ? `${user}@` : ''}${host}${port ? `:${port}` : ''}`
  const href = `${transport}://${authority}/${path}`
  return { transport, user, host: host.replace(/^\[|\]$/g, '').replace(/\.$/, ''), port, path, href }
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

/** The URL as it may be shown. */
export function withoutUserinfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1')
}

function unusable(url: string, why: string): GitError {
  return new GitError(
    'url',
    `the repository URL ${JSON.stringify(withoutUserinfo(url))} ${why}`,
    'Use https://host/path or ssh://user@host/path',
  )
}
