import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Clock } from '../clock.ts'
import { DOCKER_HUB, HUB_CREDENTIAL_KEY } from '../docker-hub.ts'
import type { Credential } from './credential.ts'
import { type Environment, helperEnvironment } from './helper-environment.ts'
import { CredentialProgramError, runProgram } from './run-program.ts'

export interface HelperOptions {
  readonly env: Environment
  readonly clock: Clock
  /** Milliseconds; keychains may ask the operator a question. */
  readonly timeout?: number
}

const NAME = /^[A-Za-z0-9_.-]+$/
const TIMEOUT = 30_000
const NOT_FOUND = 'credentials not found'
/** The user name by which a helper says that the secret is an identity token. */
const TOKEN_USER = '<token>'

/**
 * Asks `docker-credential-<name> get` for a registry's credential (docker's credential helper protocol):
 * server on stdin, JSON on stdout, errors on stdout too. Run without a shell, found on PATH only, with a
 * clean environment, a time limit and a cap on its output.
 *
 * @returns undefined when the helper has none.
 * @throws CredentialProgramError; never repeats what the helper printed.
 */
export async function askCredentialHelper(
  name: string,
  registry: string,
  options: HelperOptions,
): Promise<Credential | undefined> {
  if (!NAME.test(name)) throw new CredentialProgramError(`"${name}" is no name of a credential helper`)
  const program = `docker-credential-${name}`
  const file = findOnPath(program, options.env)
  if (file === undefined)
    throw new CredentialProgramError(`${program} is not on PATH`, 'Install it, or log in again')
  const server = registry === DOCKER_HUB ? HUB_CREDENTIAL_KEY : registry
  const { code, output } = await runProgram({
    name: program,
    file,
    args: ['get'],
    input: server,
    env: helperEnvironment(name, options.env),
    timeout: options.timeout ?? TIMEOUT,
    clock: options.clock,
  })
  if (code !== 0) {
    if (output.includes(NOT_FOUND)) return undefined
    throw new CredentialProgramError(
      `${program} failed with exit code ${code}`,
      `Run: echo ${server} | ${program} get`,
    )
  }
  return parseAnswer(program, output)
}

function parseAnswer(program: string, output: string): Credential | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(output)
  } catch {
    throw new CredentialProgramError(`${program} did not answer in JSON`)
  }
  const { Username, Secret } = (answer ?? {}) as Record<string, unknown>
  if (typeof Username !== 'string' || typeof Secret !== 'string') {
    throw new CredentialProgramError(`${program} answered without user name and secret`)
  }
  if (Username === '' && Secret === '') return undefined
  return Username === TOKEN_USER
    ? { kind: 'identity-token', token: Secret, source: program }
    : { kind: 'password', username: Username, password: Secret, source: program }
}

/** Absolute directories of PATH only: never the working directory, which may be anybody's. */
function findOnPath(program: string, env: Environment): string | undefined {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program]
  for (const directory of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    if (!isAbsolute(directory)) continue
    for (const name of names) {
      const file = join(directory, name)
      try {
        accessSync(file, constants.X_OK)
        return file
      } catch {}
    }
  }
  return undefined
}
