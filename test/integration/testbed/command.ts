import { spawn } from 'node:child_process'

export interface CommandOptions {
  readonly cwd?: string
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Kills the command and everything it started. */
  readonly signal?: AbortSignal
}

/**
 * Runs a command to its end, without a shell.
 * @returns what it printed on standard output
 * @throws Error with the last lines of what it printed when it fails; the signal's reason when aborted
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {}, signal }: CommandOptions = {},
): Promise<string> {
  signal?.throwIfAborted()
  // A process group of its own, so that aborting also ends what the command has started.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const kill = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')
  signal?.addEventListener('abort', kill)
  let output = ''
  let everything = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
    everything += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    everything += chunk
  })
  try {
    const { promise, resolve, reject } = Promise.withResolvers<number | null>()
    child.on('error', reject)
    child.on('close', resolve)
    const code = await promise
    signal?.throwIfAborted()
    if (code === 0) return output
    throw new Error(`${command} ${args[0] ?? ''} failed with ${code}:\n${lastLines(everything, 15)}`)
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}

/** The end of a log, where the reason usually is. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
