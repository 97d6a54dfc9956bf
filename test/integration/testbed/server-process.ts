import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { lastLines } from './command.ts'
import { findOnPath } from './find-binary.ts'

export interface ServerOptions {
  /** For messages. */
  readonly name: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly logFile: string
  /** Whether it answers. Asked again and again; may throw, which means no. */
  readonly ready: () => Promise<boolean>
}

export interface ServerProcess {
  /** Ends it and waits until it has gone. */
  stop(): Promise<void>
}

const READY_WITHIN_MILLISECONDS = 60_000
const ASK_EVERY_MILLISECONDS = 25

/**
 * Starts a server and waits until it is ready.
 * @throws Error with the end of its log when it exits first or is not ready in a minute
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { name, command, env = {}, logFile, ready } = options
  const [executable = '', ...args] = await dyingWithParent(command)
  const log = openSync(logFile, 'w')
  // Detached: Ctrl-C in the terminal goes to the test run, which then stops its servers in order.
  const child = spawn(executable, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  const gone = once(child, 'exit').catch((error: unknown) => [error])
  const hasExited = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  const stop = async () => {
    // Killed, not asked: nothing that it holds outlives the run.
    if (!hasExited() && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await gone
  }
  const deadline = Date.now() + READY_WITHIN_MILLISECONDS
  while (!(await ready().catch(() => false))) {
    if (!hasExited() && Date.now() < deadline) {
      await delay(ASK_EVERY_MILLISECONDS)
      continue
    }
    const what = hasExited() ? 'ended before it was ready' : 'was not ready in a minute'
    await stop()
    throw new Error(`${name} ${what}. The end of its log:\n${lastLines(await readFile(logFile, 'utf8'), 20)}`)
  }
  return { stop }
}

/** On Linux, the kernel ends the server with this process even when this process is killed outright. */
async function dyingWithParent(command: readonly string[]): Promise<readonly string[]> {
  const setpriv = process.platform === 'linux' ? await findOnPath('setpriv') : undefined
  return setpriv ? [setpriv, '--pdeathsig', 'KILL', '--', ...command] : command
}
