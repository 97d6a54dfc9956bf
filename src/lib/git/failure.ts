import { GitError, type GitErrorKind } from './git-error.ts'
import { withoutUserinfo } from './repository-url.ts'

/** A failed run of git. */
export interface FailedRun {
  /** What was wanted and where: `fetch main of https://…`. */
  readonly what: string
  /** What git printed on standard error, without secrets. */
  readonly messages: string
  readonly code: number | null
  /** Whether it was to do without a server. */
  readonly local: boolean
}

type Rule = readonly [kind: GitErrorKind, pattern: RegExp, why: string, remedy: string]

/** The first that matches counts: what names the cause more exactly stands first. */
const RULES: readonly Rule[] = [
  [
    'disk',
    /No space left on device|Disk quota exceeded|disk full|write error: |File too large|failed to write new configuration file|unable to write (?:new index|loose object|file)|unable to write \S+ file/i,
    'there is no space left to write',
    'Free some space, or put the cache elsewhere with XDG_CACHE_HOME',
  ],
  [
    'disk',
    /(?:could not|cannot|unable to|failed to) (?:create|write|open|mkdir)[^\n]*(?:Permission denied|Read-only file system)|insufficient permission for adding an object to repository database \S*objects/i,
    'its cache folder cannot be written',
    'Make it writable, or put the cache elsewhere with XDG_CACHE_HOME',
  ],
  [
    'host-key',
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No \S+ host key is known/i,
    'the host key of the server is not the known one, or none is known',
    'Add the key, once you have checked it, to argocd-ssh-known-hosts-cm (or to your known_hosts with local credentials)',
  ],
  [
    'tls',
    /SSL certificate problem|server certificate verification failed|certificate subject name|SSL_ERROR|gnutls_handshake|error setting certificate|SSL: no alternative certificate|unable to (?:set private key|load client cert)|SSL peer certificate/i,
    'the TLS connection is not trusted',
    'Add the authority of the server to argocd-tls-certs-cm, or to your system with local credentials',
  ],
  [
    'credentials',
    /Authentication failed|could not read (?:Username|Password)|Permission denied \(|HTTP Basic: Access denied|returned error: 40[13]|Invalid username or (?:password|token)|invalid format|error in libcrypto|terminal prompts disabled|requested URL returned error: 403/i,
    'the server does not accept the credentials',
    'Check user, token and key, that they have not expired, and that they may write to this repository',
  ],
  [
    'no-branch',
    /couldn't find remote ref|Remote branch \S+ not found|did not match any|no such ref/i,
    'there is no such branch',
    'Name an existing one in the git-branch annotation',
  ],
  [
    'no-repository',
    /Repository not found|repository '[^']*' not found|does not appear to be a git repository|project you were looking for could not be found|returned error: 404|access denied or repository not exported/i,
    'there is no such repository, or the credentials may not see it',
    'Check the URL and the rights of the credentials',
  ],
  [
    'refused',
    /transport '[^']*' not allowed|unable to update url base from redirection|returned error: 30\d|protocol '[^']*' is not supported/i,
    'it leads to another place or transport, where nothing is sent',
    'Use the URL under which the repository is now',
  ],
  [
    'protected',
    /pre-receive hook declined|protected branch|GH006|GH013|not allowed to (?:push|force push)|hook declined|TF402455|deny updating a hidden ref|branch is currently checked out/i,
    'the server does not let this branch be written',
    'Write to another branch (git-branch base:write) and open a pull request, or ask for the right to push',
  ],
  [
    'rejected',
    /non-fast-forward|fetch first|stale info|failed to update ref|incorrect old value|reference already exists|remote ref updated|cannot lock ref/i,
    'the branch has moved meanwhile',
    'Try again',
  ],
  [
    'locked',
    /Unable to create '[^']*\.lock': File exists|Another git process seems to be running/i,
    'another git holds a lock file',
    'Try again when it has finished',
  ],
  [
    'signing',
    /gpg failed to sign|failed to write commit object|failed to sign|Load key|No private key found|signing failed|user\.signingkey/i,
    'the commit cannot be signed',
    'Check user.signingKey and that its agent is running and unlocked, or switch signing off',
  ],
  [
    'identity',
    /Please tell me who you are|empty ident name|unable to auto-detect email|no email was given|no name was given|ident name consists only/i,
    'git does not know who commits',
    'Set user.name and user.email with git config --global',
  ],
  [
    'damaged',
    /object file \S+ is empty|is corrupt|bad object|bad tree|missing (?:blob|tree|commit)|invalid sha1 pointer|not a git repository|cannot be accessed|shallow file has changed|inflate:|unable to parse|unresolved delta|did not (?:receive|send) (?:expected|all)|bad config|invalid object|unable to read|not a valid object name|not our ref|bad revision/i,
    'its cached clone is damaged',
    'Try again: it is cloned anew',
  ],
  [
    'unreachable',
    /Could not resolve host|Could not resolve hostname|Connection refused|Connection timed out|Failed to connect|Network is unreachable|No route to host|Connection reset|Could not read from remote repository|unexpected disconnect|the remote end hung up|early EOF|returned error: 5\d\d|RPC failed|Empty reply/i,
    'the server cannot be reached or does not answer as one',
    'Check the URL, the network and the proxy',
  ],
]

/** The one line that stands for a failed run. */
export function failureOf({ what, messages, code, local }: FailedRun): GitError {
  // git wanted to fetch an object that is not in the clone, and was not let.
  if (local && /transport '[^']*' not allowed/.test(messages)) {
    return new GitError('missing-object', `cannot ${what}: its cached clone lacks an object`, 'Try again')
  }
  const rule = RULES.find(([, pattern]) => pattern.test(messages))
  const said = mainLine(messages)
  const because = said === '' ? '' : `: ${said}`
  if (rule === undefined) {
    return new GitError('failed', `cannot ${what}: git ended with ${code ?? 'a signal'}${because}`)
  }
  const [kind, , why, remedy] = rule
  return new GitError(kind, `cannot ${what}: ${why}${because ? ` (${said})` : ''}`, remedy)
}

/** What stands for an error of the file system under one of our own folders; undefined for any other error. */
export function diskFailure(error: unknown, url: string): GitError | undefined {
  const { code, message } = error as NodeJS.ErrnoException
  if (!/^(?:ENOSPC|EDQUOT|EROFS|EACCES|EPERM|ENOTDIR)$/.test(String(code))) return undefined
  const remedy = 'Free some space, or put cache and temporary files elsewhere with XDG_CACHE_HOME and TMPDIR'
  return new GitError('disk', `cannot keep a clone of ${withoutUserinfo(url)}: ${message}`, remedy, {
    cause: error,
  })
}

/** The line that says most: of a refused push its reason, and what the server says before what git says. */
function mainLine(messages: string): string {
  const lines = messages
    .split(/[\n\r]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:hint:|remote:$|To |warning: )/.test(line))
  const remotes = lines.filter((line) => line.startsWith('remote: ')).map(undecorated)
  const remote =
    remotes.find((line) => /declin|denied|protect|not allowed|GH\d{3}|reject/i.test(line)) ?? remotes[0]
  const reason = lines
    .map((line) => /^! \[[^\]]*\].*\(([^()]*)\)$/.exec(line)?.[1])
    .find((found) => found !== undefined)
  const own = lines.find((line) => /^(?:fatal|error):/.test(line) && !/failed to push some refs/.test(line))
  const parts = reason === undefined ? [remote ?? undecorated(own ?? lines.at(-1) ?? '')] : [reason, remote]
  const said = parts.filter((part) => part !== undefined && part !== '').join(': ')
  return said.length > 240 ? `${said.slice(0, 239)}…` : said
}

function undecorated(line: string): string {
  return line.replace(/^remote:\s*/, '').replace(/^(?:fatal|error):\s*/i, '')
}
