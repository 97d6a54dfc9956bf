import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessSecrets, type GitAccess } from './access.ts'
import { serveAskpass } from './askpass.ts'
import { GitError } from './git-error.ts'
import { openPrivateFolder } from './private-folder.ts'
import type { RepositoryUrl } from './repository-url.ts'
import { type GitOutput, type GitProgram, type GitRun, runGit } from './run-git.ts'

/** A repository on a server, ready to be talked to. */
export interface Remote extends AsyncDisposable {
  readonly url: RepositoryUrl
  /** Runs a command of git that talks to the server. @throws GitError */
  run(run: Omit<GitRun, 'transports' | 'agents' | 'secrets' | 'env'>): Promise<GitOutput>
}

/**
 * Puts an access where git finds it: user and password behind a socket, keys and headers in files of a private
 * folder that is removed at the end. Unless the access is the operator's own, git also sees none of their
 * configuration, helpers, keys or .netrc, so nothing of theirs is sent in its place.
 *
 * @throws GitError of kind `credentials` when the access does not fit the URL
 */
export async function openRemote(git: GitProgram, given: RepositoryUrl, access: GitAccess): Promise<Remote> {
  checkFit(given, access)
  const url = access.kind === 'local' || given.transport === 'ssh' ? given : withoutUser(given)
  const folder = await openPrivateFolder()
  await using cleanup = new AsyncDisposableStack()
  cleanup.use(folder)
  const own = access.kind === 'local'
  const env: Record<string, string> = own
    ? {}
    : { HOME: folder.path, XDG_CONFIG_HOME: folder.path, USERPROFILE: folder.path, GIT_CONFIG_NOSYSTEM: '1' }
  const keep = async (name: string, text: string) => {
    const file = join(folder.path, name)
    await writeFile(file, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 })
    return file
  }
  if (access.kind === 'basic') {
    const { username, password } = access
    Object.assign(
      env,
      cleanup.use(await serveAskpass(folder.path, { origin: originOf(url), username, password })).env,
    )
  } else if (access.kind === 'ssh') {
    const key = await keep('key', access.privateKey)
    env['GIT_SSH_COMMAND'] = sshCommand(key, await keep('known_hosts', access.knownHosts))
    env['GIT_SSH_VARIANT'] = 'ssh'
  } else if (!own && url.transport === 'ssh') {
    throw new GitError(
      'credentials',
      `there is no SSH key for ${url.href}`,
      'Add one to its repository Secret',
    )
  }
  const include = `include.path=${await keep('config', await httpConfig(url, access, keep))}`
  const secrets = accessSecrets(access)
  // The operator's own configuration may lead from one protected transport to the other (url.<base>.insteadOf).
  const transports = own ? (['https', 'ssh', url.transport] as const) : [url.transport]
  const fixed = { transports, agents: own, secrets, env }
  const opened = cleanup.move()
  return {
    url,
    run: (run) => runGit(git, { ...run, ...fixed, args: ['-c', include, ...run.args] }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function checkFit(url: RepositoryUrl, { kind }: GitAccess): void {
  const ssh = url.transport === 'ssh'
  if ((kind === 'ssh' && !ssh) || ((kind === 'basic' || kind === 'bearer') && ssh)) {
    const found = ssh ? 'a password or token' : 'an SSH key'
    throw new GitError(
      'credentials',
      `the credentials of ${url.href} are ${found}, which does not fit its URL`,
      `Use its ${ssh ? 'https://' : 'ssh://'} URL, or give it other credentials`,
    )
  }
}

/** Nothing of the operator's SSH configuration counts, no key but this one is offered, and no question is asked. */
function sshCommand(key: string, knownHosts: string): string {
  const options = [
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile="${knownHosts}"`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'BatchMode=yes',
    'ForwardAgent=no',
    'PermitLocalCommand=no',
    'ConnectTimeout=30',
    'ServerAliveInterval=30',
  ]
  return `ssh -F none -i ${quoted(key)} ${options.map((option) => `-o ${quoted(option)}`).join(' ')}`
}

/** git reads GIT_SSH_COMMAND as a shell would; nothing from outside is in it. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`
}

/** Settings for this server alone, in a file, since they may hold a token and must not be seen in an argument. */
async function httpConfig(
  url: RepositoryUrl,
  access: GitAccess,
  keep: (name: string, text: string) => Promise<string>,
): Promise<string> {
  if (url.transport === 'ssh') return ''
  const { ca, clientCertificate, clientKey } = access.tls ?? {}
  const settings: [string, string][] = [['sslVerify', 'true']]
  if (ca !== undefined) settings.push(['sslCAInfo', await keep('ca.pem', ca)])
  if (clientCertificate !== undefined) settings.push(['sslCert', await keep('client.pem', clientCertificate)])
  if (clientKey !== undefined) settings.push(['sslKey', await keep('client.key', clientKey)])
  if (access.proxy !== undefined) settings.push(['proxy', access.proxy])
  if (access.kind === 'bearer') {
    // A header goes wherever git goes: so it goes nowhere but here.
    settings.push(['extraHeader', `Authorization: Bearer ${access.token}`], ['followRedirects', 'false'])
  }
  const lines = settings.map(([name, value]) => `\t${name} = ${configText(value)}`)
  // Its name is no secret, and saves git half of its questions.
  const user =
    access.kind === 'basic' && access.username !== ''
      ? `[credential ${configText(originOf(url))}]\n\tusername = ${configText(access.username)}\n`
      : ''
  return `${user}[http ${configText(`${originOf(url)}/${url.path}`)}]\n${lines.join('\n')}\n`
}

function configText(value: string): string {
  if (/[\0\n\r]/.test(value))
    throw new GitError('credentials', 'a credential holds a line break', 'Correct its Secret')
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** The user of the credential counts, not one that happens to stand in the URL. */
function withoutUser(url: RepositoryUrl): RepositoryUrl {
  return { ...url, user: '', href: `${originOf(url)}/${url.path}` }
}

function originOf({ transport, host, port }: RepositoryUrl): string {
  return `${transport}://${host.includes(':') ? `[${host}]` : host}${port ? `:${port}` : ''}`
}
