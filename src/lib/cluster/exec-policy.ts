import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { Surroundings } from './connection-flags.ts'
import { findProgram } from './exec-program.ts'
import { KubeconfigError } from './kubeconfig.ts'
import { homeDirectories } from './load-kubeconfig.ts'

/**
 * Applies the operator's own rule about which exec plugins may run: `credentialPluginPolicy` and
 * `credentialPluginAllowlist` of kubectl's preferences (kuberc, kubectl ≥ 1.35). An entry is a path, or a
 * name to be found on PATH.
 *
 * @param program the file that `command` was found as; '' if it was not.
 * @throws KubeconfigError when the policy forbids it or cannot be understood: never run when in doubt.
 */
export async function checkPluginPolicy(
  command: string,
  program: string,
  surroundings: Surroundings,
): Promise<void> {
  const preferences = await readPreferences(surroundings)
  if (preferences === undefined) return
  const { file, policy, allowed } = preferences
  const remedy = `Allow it in credentialPluginAllowlist of ${file}, or use other credentials`
  const refuse = (why: string) =>
    new KubeconfigError(`the exec plugin ${command} may not run: ${file} ${why}`, remedy)
  if (policy === '' || policy === 'AllowAll') return
  if (policy === 'DenyAll') throw refuse('sets credentialPluginPolicy DenyAll')
  if (policy !== 'Allowlist') throw refuse(`sets an unknown credentialPluginPolicy "${policy}"`)
  if (program !== '') {
    for (const entry of allowed) {
      if (entry !== '' && (entry === program || (await findProgram(entry, surroundings)) === program)) return
    }
  }
  throw refuse('does not list it in credentialPluginAllowlist')
}

interface Preferences {
  readonly file: string
  readonly policy: string
  readonly allowed: readonly string[]
}

/** KUBERC names the file, `off` switches it off; otherwise it is `kuberc` beside the default kubeconfig. */
async function readPreferences({ env, platform }: Surroundings): Promise<Preferences | undefined> {
  if (env['KUBERC'] === 'off' || env['KUBECTL_KUBERC'] === 'false') return undefined
  const files = env['KUBERC']
    ? [env['KUBERC']]
    : homeDirectories(env, platform).map((home) => path.join(home, '.kube', 'kuberc'))
  for (const file of files) {
    let text: string
    try {
      text = await readFile(file, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw unclear(file, error)
    }
    return parsePreferences(file, text)
  }
  return undefined
}

/** kuberc may hold several documents, one for each version; the first that speaks of plugins counts. */
function parsePreferences(file: string, text: string): Preferences {
  let document: unknown
  try {
    document = parse(text.split(/^---[ \t]*$/m).find((part) => part.includes('credentialPlugin')) ?? '{}')
  } catch (error) {
    throw unclear(file, error)
  }
  const { credentialPluginPolicy: policy = '', credentialPluginAllowlist: list = [] } = (document ??
    {}) as Record<string, unknown>
  if (typeof policy !== 'string' || !Array.isArray(list)) throw unclear(file)
  const allowed = list.map((entry: { command?: unknown; name?: unknown } | null) =>
    // Kubernetes 1.35 calls it `name`, later versions `command`.
    String(entry?.command ?? entry?.name ?? ''),
  )
  return { file, policy, allowed }
}

function unclear(file: string, cause?: unknown): KubeconfigError {
  return new KubeconfigError(
    `${file} cannot be understood, so it is unknown whether exec plugins may run`,
    'Correct the file, or set KUBERC=off',
    { cause },
  )
}
