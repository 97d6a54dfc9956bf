import { isAbsolute } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Clock } from '../clock.ts'
import type { Credential } from './credential.ts'
import { type Environment, programEnvironment } from './helper-environment.ts'
import { ownedFile } from './owned-file.ts'
import { CredentialProgramError, runProgram } from './run-program.ts'
import { parseUserPassword } from './user-password.ts'

export interface ProgramOptions {
  readonly env: Environment
  readonly clock: Clock
  /** Milliseconds. */
  readonly timeout: number
  /** Told the program before it runs. */
  readonly log?: ((line: string) => void) | undefined
}

/**
 * Runs the program of an `ext:` source, which the operator named in a file of their own: an absolute path,
 * no arguments, no shell, a clean environment. The last line of its output that is not empty is
 * `user:password`; lines before it are noise, as of a login that greets.
 *
 * @throws CredentialProgramError or OwnedFileError; never repeats what was printed.
 */
export async function askProgram(path: string, options: ProgramOptions): Promise<Credential> {
  const { env, clock, timeout, log } = options
  if (!isAbsolute(path))
    throw new CredentialProgramError(`ext:${path} is not an absolute path`, 'Write it in full')
  const file = await ownedFile(path)
  log?.(`run ${file}`)
  const environment = programEnvironment(env)
  const { code, output } = await runProgram({
    name: path,
    file,
    args: [],
    input: '',
    env: environment,
    timeout,
    clock,
  }).catch((error: unknown) => {
    if (!(error instanceof CredentialProgramError) || error.remedy !== '') throw error
    throw new CredentialProgramError(error.message, 'Run it by hand; --credential-timeout gives it longer', {
      cause: error,
    })
  })
  if (code !== 0)
    throw new CredentialProgramError(`${path} failed with exit code ${code}`, `Run it by hand: ${path}`)
  try {
    const last = output.split('\n').findLast((line) => line.trim() !== '')
    return { kind: 'password', ...parseUserPassword(last?.trim() ?? ''), source: `ext ${path}` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const what = `the last line that ${path} prints is not user:password`
    throw new CredentialProgramError(what, 'Let it print user:password last, and nothing after it')
  }
}

/** Reads the variable of an `env:` source, which the operator named in a file of their own. */
export function readVariable(variable: string, env: Environment): Credential {
  const value = env[variable]
  if (value === undefined || value === '') {
    throw new CredentialProgramError(
      `the environment variable ${variable} is not set`,
      `Set it to user:password`,
    )
  }
  try {
    return { kind: 'password', ...parseUserPassword(value), source: `env ${variable}` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new CredentialProgramError(
      `the environment variable ${variable} does not hold user:password`,
      error.remedy,
    )
  }
}
