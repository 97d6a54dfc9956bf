import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where fetched and built components are kept between runs: outside the checkout, so that every checkout
 * of one user shares them. XDG Base Directory: `$XDG_CACHE_HOME`, else `~/.cache`.
 */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubectl-image-updater-testbed')
}
