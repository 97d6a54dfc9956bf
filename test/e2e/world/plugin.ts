import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { COMPILED_CODE, PROGRAM, PROGRAM_WORDS } from '../../program.ts'

const BUILD = fileURLToPath(new URL('../../../dist/manifest.json', import.meta.url))
/** However busy the machine is, nothing here takes that long. */
export const DEADLINE = 30_000

export interface Finished {
  /** undefined when a signal ended it. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A program under way. */
export interface Running {
  readonly stdout: string
  readonly stderr: string
  readonly finished: Promise<Finished>
  readonly pid: number
  signal(name: NodeJS.Signals): void
  /** Resolves once `check` does not throw any more. @throws what it threw last, with what was printed */
  until(check: () => void): Promise<void>
}

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>
  /** Standard input; default none. */
  readonly input?: string
  /** The working directory; default that of the tests. */
  readonly cwd?: string
}

/** Starts `kubectl-image_updater` with nothing of this process' environment but what is given. */
export function startPlugin(args: readonly string[], options: ProgramOptions): Running {
  if (!existsSync(BUILD)) throw new Error('The command line program is not built: run `npm run build` first.')
  const [command, ...words] = PROGRAM_WORDS
  return startProgram(command, [...words, ...args], options)
}

export function startProgram(command: string, args: readonly string[], options: ProgramOptions): Running {
  const child = spawn(command, args, { cwd: options.cwd, env: { ...options.env }, stdio: 'pipe' })
  const output = { stdout: '', stderr: '' }
  collect(child, output)
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? undefined, ...output }))
  })
  return {
    get stdout() {
      return output.stdout
    },
    get stderr() {
      return output.stderr
    },
    finished,
    // 0 where it could not be started, which `finished` says.
    pid: child.pid ?? 0,
    signal: (name) => child.kill(name),
    until: async (check) => {
      try {
        await vi.waitFor(check, { interval: 50, timeout: DEADLINE })
      } catch (error) {
        const state = child.exitCode ?? child.signalCode ?? 'still running'
        const printed = `Its state: ${state}. It printed:\n${output.stdout}\n--- stderr:\n${output.stderr}`
        throw new Error(`${String(error)}\n${printed}`, { cause: error })
      }
    },
  }
}

function collect(child: ChildProcess, output: { stdout: string; stderr: string }): void {
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
}

/** The environment of an operator: the programs of this machine, a home of its own, a kubeconfig. */
export function operatorEnvironment(home: string, kubeconfig: string): Record<string, string> {
  return {
    ...COMPILED_CODE,
    PATH: [dirname(PROGRAM), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    // Where shells keep what lives as long as they do; fish would take /tmp without it.
    XDG_RUNTIME_DIR: home,
    KUBECONFIG: kubeconfig,
    TERM: 'dumb',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
  }
}
