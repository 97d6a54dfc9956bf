import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Clock } from '../clock.ts'
import { ANONYMOUS, type Credential, type CredentialLookup, type CredentialTarget } from './credential.ts'
import { askCredentialHelper } from './credential-helper.ts'
import { type DockerConfig, findAuth, helperFor, parseDockerConfig } from './docker-config.ts'
import type { Environment } from './helper-environment.ts'
import { KeptCredentials } from './kept-credential.ts'

export interface LocalCredentialOptions {
  readonly env: Environment
  /** The operator's home directory. */
  readonly home: string
  readonly clock: Clock
  /** Told once of each thing that is wrong but stops nothing. */
  readonly warn?: (message: string) => void
}

/** Milliseconds a helper's answer is used for every repository of its registry. */
const HELPER_ANSWER_LIFETIME = 3_600_000
const FILE_LIMIT = 4 * 1024 * 1024

/**
 * The credentials this machine's operator has logged in with, where docker and podman keep them. In each
 * file a credential helper for the host comes before one for all hosts, and that before plain entries.
 * What cannot be read is skipped with a warning, and named in the source of the resulting `anonymous`:
 * public images need no credential, and a refused private one then tells why.
 */
export function localCredentials(options: LocalCredentialOptions): CredentialLookup {
  const warned = new Set<string>()
  const warn = (message: string) => {
    if (!warned.has(message)) options.warn?.(message)
    warned.add(message)
  }
  const kept = new KeptCredentials(() => options.clock.now(), HELPER_ANSWER_LIFETIME)
  return async (target, rejected) => {
    const problems: string[] = []
    const ask = (helper: string) =>
      kept.find(`${helper} ${target.registry}`, rejected, () =>
        askCredentialHelper(helper, target.registry, options),
      )
    for (const file of credentialFiles(options)) {
      try {
        const config = await readConfig(file.path, file.explicit, warn)
        const credential =
          config && (await fromConfig(config, target, label(file.path, options.home), ask, problems))
        if (credential) return credential
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        problems.push(`${label(file.path, options.home)}: ${error.message}`)
      }
    }
    for (const problem of problems) warn(problem)
    return problems.length === 0
      ? ANONYMOUS
      : { kind: 'anonymous', source: `anonymous, as ${problems.join(' and ')}` }
  }
}

/** In the order asked: the file an environment variable names, docker's, podman's. */
function credentialFiles({ env, home }: LocalCredentialOptions): { path: string; explicit: boolean }[] {
  const explicit = (path: string) => ({ path, explicit: true })
  const usual = (path: string) => ({ path, explicit: false })
  const files = []
  if (env['REGISTRY_AUTH_FILE']) files.push(explicit(env['REGISTRY_AUTH_FILE']))
  if (env['DOCKER_CONFIG']) files.push(usual(join(env['DOCKER_CONFIG'], 'config.json')))
  else files.push(usual(join(home, '.docker', 'config.json')))
  if (env['XDG_RUNTIME_DIR']) files.push(usual(join(env['XDG_RUNTIME_DIR'], 'containers', 'auth.json')))
  files.push(usual(join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers', 'auth.json')))
  return files
}

async function fromConfig(
  config: DockerConfig,
  target: CredentialTarget,
  source: string,
  ask: (helper: string) => Promise<Credential | undefined>,
  problems: string[],
): Promise<Credential | undefined> {
  const helper = helperFor(config, target.registry)
  if (helper !== '') {
    try {
      const credential = await ask(helper)
      if (credential) return { ...credential, source: `${source} (docker-credential-${helper})` }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push(error.message)
    }
  }
  return findAuth(config, target, source)
}

async function readConfig(
  path: string,
  explicit: boolean,
  warn: (message: string) => void,
): Promise<DockerConfig | undefined> {
  let text: string
  try {
    const { size, mode } = await stat(path)
    if (size > FILE_LIMIT) throw new UserError(`the file is larger than ${FILE_LIMIT} bytes`)
    if (process.platform !== 'win32' && (mode & 0o004) !== 0) {
      warn(`${path} can be read by every user of this machine; run: chmod 600 ${path}`)
    }
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    if (!explicit && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
    throw new UserError(`cannot be read (${code})`, '', { cause })
  }
  return parseDockerConfig(text)
}

/** The path as people know it. */
function label(path: string, home: string): string {
  return home !== '' && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
