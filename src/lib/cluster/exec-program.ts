import { spawn } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import path from 'node:path'
import { KubeconfigError } from './kubeconfig.ts'

/** The surroundings a program is looked for and run in. */
export interface RunEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly signal?: AbortSignal | undefined
  /** Takes a program's messages where standard error is not free, such as under a live view. */
  readonly messages?: ((text: string) => void) | undefined
  /**
   * Whether a program is kept away from the terminal, also by the way of /dev/tty: it gets a session of its own,
   * and `signal` ends all of that. Windows knows no such thing.
   */
  readonly withoutTerminal?: boolean | undefined
}

const LARGEST_OUTPUT = 1024 * 1024
/** Long enough for a browser login with a second factor; a plugin that hangs must not hang us for ever. */
const LONGEST_RUN = 10 * 60_000

/**
 * Finds a program as Go's exec.LookPath does: a name with a separator is a file; a bare name is looked for
 * in the absolute folders of PATH only, never in the current folder.
 *
 * @returns the file, or '' when there is none that can be run.
 */
export async function findProgram(command: string, { env, platform }: RunEnvironment): Promise<string> {
  const windows = platform === 'win32'
  const extensions = windows && path.extname(command) === '' ? ['.com', '.exe', '.bat', '.cmd'] : ['']
  const isPath = command.includes('/') || (windows && command.includes('\\'))
  const folders = isPath
    ? ['']
    : (searchPath(env, windows) ?? '').split(windows ? ';' : ':').filter((folder) => path.isAbsolute(folder))
  for (const folder of folders) {
    for (const extension of extensions) {
      const file = path.join(folder, command + extension)
      if (await isProgram(file)) return file
    }
  }
  return ''
}

/**
 * Runs a program without a shell and returns what it prints. Its messages pass through to our standard
 * error, so that its questions are seen; standard input is ours only when `interactive`.
 *
 * @throws KubeconfigError when it cannot be started, fails, prints too much or takes too long.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  interactive: boolean,
  { env, platform, signal, messages, withoutTerminal }: RunEnvironment,
): Promise<string> {
  if (platform === 'win32' && /\.(?:bat|cmd)$/i.test(program)) {
    throw failed(program, 'is a batch file, which cannot be run without a shell')
  }
  const limit = AbortSignal.timeout(LONGEST_RUN)
  const ownSession = withoutTerminal === true && platform !== 'win32'
  const child = spawn(program, args, {
    env: { ...env, ...variables },
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', messages ? 'pipe' : 'inherit'],
    shell: false,
    detached: ownSession,
    windowsHide: true,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  })
  if (ownSession) signal?.addEventListener('abort', () => endSession(child.pid), { once: true })
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>()
  child.on('error', (error) => reject(failed(program, reasonOf(error, limit), error)))
  child.on('close', (code, killedBy) => {
    resolve(killedBy ? `was ended by ${killedBy}` : code === 0 ? '' : `failed with exit code ${code}`)
  })
  child.stderr?.setEncoding('utf8').on('data', messages ?? (() => undefined))
  const chunks: Buffer[] = []
  let size = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= LARGEST_OUTPUT) chunks.push(chunk)
    else child.kill()
  })
  const failure = await ended
  if (size > LARGEST_OUTPUT) throw failed(program, 'printed more than 1 MiB')
  if (failure !== '') throw failed(program, failure)
  return Buffer.concat(chunks).toString('utf8')
}

/** Ends a program with all that it started. */
function endSession(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function searchPath(env: RunEnvironment['env'], windows: boolean): string | undefined {
  if (!windows) return env['PATH']
  return Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1]
}

async function isProgram(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false
    await access(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function reasonOf(error: Error, limit: AbortSignal): string {
  if (limit.aborted) return 'took longer than 10 minutes'
  if (error.name === 'AbortError') return 'was interrupted'
  return `could not be started: ${error.message}`
}

function failed(program: string, problem: string, cause?: unknown): KubeconfigError {
  return new KubeconfigError(
    `the exec plugin ${program} ${problem}`,
    'Run it by hand to see why, or log in again; kubectl uses the same plugin',
    { cause },
  )
}
