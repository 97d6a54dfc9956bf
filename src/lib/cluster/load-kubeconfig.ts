import path from 'node:path'
import type { ConnectionFlags, Surroundings } from './connection-flags.ts'
import { type Kubeconfig, KubeconfigError } from './kubeconfig.ts'
import { readKubeconfigFile } from './kubeconfig-file.ts'

/**
 * Loads the kubeconfig that kubectl would: the one file of `--kubeconfig` (which must exist), else every
 * file of the KUBECONFIG list that exists, else `~/.kube/config`. Of several files the first to define a
 * cluster, user, context or the current context wins, entry by entry (client-go's loading rules).
 *
 * No file at all is no error here: the answer is an empty kubeconfig, with a warning when KUBECONFIG named
 * files.
 *
 * @throws KubeconfigError when a file that exists cannot be used, or `--kubeconfig` names none.
 */
export async function loadKubeconfig(
  flags: ConnectionFlags,
  env: Surroundings['env'],
  platform: NodeJS.Platform = process.platform,
): Promise<Kubeconfig> {
  if (flags.kubeconfig) {
    const only = await readIfExists(flags.kubeconfig, platform)
    if (only) return only
    throw new KubeconfigError(
      `kubeconfig ${flags.kubeconfig} does not exist (--kubeconfig)`,
      'Name an existing file, or leave --kubeconfig out to use KUBECONFIG or ~/.kube/config',
    )
  }
  const listed = listedFiles(env, platform)
  const candidates = listed ?? defaultFiles(env, platform)
  const found: Kubeconfig[] = []
  for (const file of candidates) {
    const kubeconfig = await readIfExists(file, platform)
    if (kubeconfig) found.push(kubeconfig)
    // Windows has several homes; the first that holds a kubeconfig is the one.
    if (kubeconfig && listed === undefined) break
  }
  const warnings =
    listed && listed.length > 0 && found.length === 0
      ? [`no kubeconfig found: KUBECONFIG names ${listed.join(', ')}, which ${missingPhrase(listed.length)}`]
      : []
  return mergeKubeconfigs(found, warnings)
}

/** Merges in order of precedence: the first to define a name wins, whole entries, never field by field. */
export function mergeKubeconfigs(files: readonly Kubeconfig[], warnings: readonly string[] = []): Kubeconfig {
  const firstWins = <Entry>(maps: ReadonlyMap<string, Entry>[]) =>
    new Map(maps.toReversed().flatMap((map) => [...map]))
  return {
    clusters: firstWins(files.map((file) => file.clusters)),
    users: firstWins(files.map((file) => file.users)),
    contexts: firstWins(files.map((file) => file.contexts)),
    currentContext: files.find((file) => file.currentContext !== '')?.currentContext ?? '',
    files: files.flatMap((file) => file.files),
    warnings: [...warnings, ...files.flatMap((file) => file.warnings)],
  }
}

/** The KUBECONFIG list without empty and repeated parts; undefined when the variable is unset or empty. */
function listedFiles(env: Surroundings['env'], platform: NodeJS.Platform): string[] | undefined {
  if (!env['KUBECONFIG']) return undefined
  const parts = env['KUBECONFIG'].split(platform === 'win32' ? ';' : ':')
  return [...new Set(parts.filter((part) => part !== ''))]
}

/** `~/.kube/config`; on Windows in each place that client-go takes for a home directory. */
function defaultFiles(env: Surroundings['env'], platform: NodeJS.Platform): string[] {
  const rules = platform === 'win32' ? path.win32 : path.posix
  return homeDirectories(env, platform).map((home) => rules.join(home, '.kube', 'config'))
}

/** Where this user's `.kube` may be, best first. */
export function homeDirectories(env: Surroundings['env'], platform: NodeJS.Platform): string[] {
  const drive = env['HOMEDRIVE']
  const folder = env['HOMEPATH']
  const homes =
    platform === 'win32'
      ? [env['HOME'], drive && folder ? drive + folder : undefined, env['USERPROFILE']]
      : [env['HOME']]
  return homes.filter((home): home is string => Boolean(home))
}

async function readIfExists(file: string, platform: NodeJS.Platform): Promise<Kubeconfig | undefined> {
  try {
    return await readKubeconfigFile(file, platform)
  } catch (error) {
    if (error instanceof KubeconfigError || !(error instanceof Error)) throw error
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return undefined
    const reason = code === 'EISDIR' ? 'it is a folder' : error.message
    throw new KubeconfigError(
      `kubeconfig ${file} cannot be read: ${reason}`,
      'Make it a file that you may read, or name another with --kubeconfig',
      { cause: error },
    )
  }
}

function missingPhrase(count: number): string {
  return count === 1 ? 'does not exist' : 'do not exist'
}
