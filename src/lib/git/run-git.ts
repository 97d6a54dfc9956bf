import { spawn } from 'node:child_process'
import { findProgram } from '../cluster/exec-program.ts'
import { failureOf } from './failure.ts'
import { type Environment, gitEnvironment } from './git-environment.ts'
import { GitError } from './git-error.ts'
import { safeConfig } from './safe-config.ts'
import { scrub } from './scrub.ts'

/** The operator's own git, found once. */
export interface GitProgram {
  readonly file: string
  /** `2.39.5` */
  readonly version: string
  readonly env: Environment
}

/** One run of git. */
export interface GitRun {
  /** Subcommand and arguments; never a secret. */
  readonly args: readonly string[]
  /** What it is for and where, after "cannot": `fetch main of https://…`. */
  readonly what: string
  /** A git folder of ours; without it git runs outside any repository. */
  readonly gitDir?: string
  readonly input?: string | Buffer
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether it may talk to a server, and by which of git's transports. */
  readonly transports?: readonly ('https' | 'http' | 'ssh')[]
  /** Whether it may use the operator's agents and keyrings. */
  readonly agents?: boolean
  /** Never to be seen in a message. */
  readonly secrets?: readonly string[]
  /** Exit codes besides 0 that are answers. */
  readonly answers?: readonly number[]
  /** Milliseconds; default 60 s, on the network 10 minutes. */
  readonly timeout?: number
  /** Bytes; default 64 MiB. */
  readonly outputLimit?: number
  readonly signal?: AbortSignal | undefined
}

export interface GitOutput {
  readonly code: number
  readonly output: Buffer
  /** Standard error without secrets. */
  readonly messages: string
}

const OUTPUT_LIMIT = 64 * 1024 * 1024
const MESSAGES_LIMIT = 64 * 1024
const OLDEST = [2, 30] as const

/** How to end what runs at this moment: nothing of ours goes on after this process. */
const running = new Set<() => void>()
process.once('exit', () => {
  for (const kill of running) kill()
})

/**
 * Finds git in the absolute folders of PATH, never in the current one.
 *
 * @throws GitError of kind `no-git` when there is none or it is older than 2.30
 */
export async function findGit(env: Environment, platform: NodeJS.Platform): Promise<GitProgram> {
  const file = await findProgram('git', { env, platform })
  if (file === '') throw new GitError('no-git', 'there is no git on PATH', 'Install git 2.30 or newer')
  const program = { file, version: '', env }
  const { output } = await runGit(program, { args: ['version'], what: 'ask git for its version' })
  const version = /\d+\.\d+(?:\.\d+)?/.exec(output.toString())?.[0] ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new GitError(
      'no-git',
      `${file} is git ${version || 'of an unknown version'}`,
      'Install git 2.30 or newer',
    )
  }
  return { file, version, env }
}

/**
 * Runs git without a shell and without a terminal, with a clean environment, the safe settings, a time limit and
 * a cap on its output; what it leaves running is ended with it.
 *
 * @throws GitError by what git says
 */
export async function runGit(program: GitProgram, run: GitRun): Promise<GitOutput> {
  const { what, transports = [], agents = false, secrets = [], answers = [], signal } = run
  if (signal?.aborted) throw interrupted(what)
  const network = transports.length > 0
  const { timeout = network ? 600_000 : 60_000, outputLimit = OUTPUT_LIMIT } = run
  const place = run.gitDir === undefined ? [] : [`--git-dir=${run.gitDir}`]
  const args = ['--no-pager', '--literal-pathspecs', ...place, ...safeConfig(transports), ...run.args]
  // A session of its own: neither git nor ssh finds a terminal to ask on, and all of them can be ended at once.
  const ownGroup = process.platform !== 'win32'
  const child = spawn(program.file, args, {
    // Only the given git folder counts; the root holds no repository to be discovered.
    cwd: run.gitDir ?? '/',
    env: { ...gitEnvironment(program.env, { network, agents }), ...run.env },
    shell: false,
    detached: ownGroup,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const kill = () => {
    try {
      if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      child.kill('SIGKILL')
    }
  }
  let ended: GitError | undefined
  const end = (error: GitError) => {
    ended ??= error
    kill()
  }
  const onAbort = () => end(interrupted(what))
  const timer = setTimeout(
    () =>
      end(new GitError('timeout', `cannot ${what}: git took longer than ${timeout / 1000} s`, 'Try again')),
    timeout,
  )
  signal?.addEventListener('abort', onAbort)
  running.add(kill)
  const pieces: Buffer[] = []
  let size = 0
  child.stdout.on('data', (piece: Buffer) => {
    size += piece.byteLength
    if (size <= outputLimit) pieces.push(piece)
    else end(new GitError('too-large', `cannot ${what}: git printed more than ${outputLimit} bytes`))
  })
  let raw = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    raw = (raw + text).slice(-MESSAGES_LIMIT)
  })
  // A git that ends early does not read its input; its exit code says why.
  child.stdin.on('error', () => {})
  child.stdin.end(run.input ?? '')
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', (cause) =>
    reject(new GitError('no-git', `cannot ${what}: git cannot be run`, '', { cause })),
  )
  child.on('close', resolve)
  try {
    const code = await promise
    if (ended) throw ended
    const messages = scrub(raw, secrets)
    if (code === 0 || (code !== null && answers.includes(code))) {
      return { code, output: Buffer.concat(pieces), messages }
    }
    throw failureOf({ what, messages, code, local: !network })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    running.delete(kill)
  }
}

function interrupted(what: string): GitError {
  return new GitError('interrupted', `cannot ${what}: it was interrupted`)
}
