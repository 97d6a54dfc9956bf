import { isAbsolute, join } from 'node:path'

/**
 * Where this program keeps what it could find out again: `$XDG_CACHE_HOME/kubectl-image-updater`, by the XDG
 * base directory specification, by which only an absolute path counts.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const base = env['XDG_CACHE_HOME'] ?? ''
  return join(isAbsolute(base) ? base : join(home, '.cache'), 'kubectl-image-updater')
}
