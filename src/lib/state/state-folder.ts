import { isAbsolute, join } from 'node:path'

/**
 * Where this program keeps what it must remember between runs: `$XDG_STATE_HOME/kubectl-image-updater`, by
 * the XDG base directory specification, by which only an absolute path counts.
 */
export function stateFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const base = env['XDG_STATE_HOME'] ?? ''
  return join(isAbsolute(base) ? base : join(home, '.local', 'state'), 'kubectl-image-updater')
}
