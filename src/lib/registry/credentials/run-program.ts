import { spawn } from 'node:child_process'
import { UserError } from '../../errors.ts'
import type { Clock } from '../clock.ts'

/** A program that finds a credential failed; never repeats what it printed. */
export class CredentialProgramError extends UserError {}

/** A program that prints a secret. */
export interface ProgramRun {
  /** How messages call it. */
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  /** Written to its standard input. */
  readonly input: string
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly timeout: number
  readonly clock: Clock
}

const OUTPUT_LIMIT = 64 * 1024

/**
 * Runs a program without a shell, with exactly the environment given, a time limit and a cap on its output.
 * What runs too long is killed together with whatever it has started.
 *
 * @returns its exit code and its trimmed standard output.
 * @throws CredentialProgramError
 */
export function runProgram(run: ProgramRun): Promise<{ code: number; output: string }> {
  const { name, timeout } = run
  return new Promise((resolve, reject) => {
    const ownGroup = process.platform !== 'win32'
    const child = spawn(run.file, run.args, {
      env: { ...run.env },
      shell: false,
      detached: ownGroup,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const finished = new AbortController()
    const pieces: Buffer[] = []
    let size = 0
    const stop = (error?: CredentialProgramError) => {
      finished.abort()
      child.stdout.destroy()
      if (error === undefined) return
      try {
        if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
        else child.kill('SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
      reject(error)
    }
    run.clock.sleep(timeout, finished.signal).then(
      () => stop(new CredentialProgramError(`${name} did not answer within ${timeout / 1000} s`)),
      () => {},
    )
    child.on('error', (cause) => {
      finished.abort()
      reject(new CredentialProgramError(`${name} cannot be run`, '', { cause }))
    })
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.byteLength
      pieces.push(piece)
      if (size > OUTPUT_LIMIT) {
        stop(new CredentialProgramError(`${name} printed more than ${OUTPUT_LIMIT} bytes`))
      }
    })
    child.on('close', (code) => {
      stop()
      resolve({ code: code ?? -1, output: Buffer.concat(pieces).toString('utf8').trim() })
    })
    child.stdin.on('error', () => {})
    child.stdin.end(run.input)
  })
}
