import { canonicalRegistry } from '../image/reference.ts'

/**
 * Whether a repository lies in `host[:port][/path]`: the same host (Docker Hub under any of its names), and
 * the path as whole leading parts.
 */
export function liesIn(scope: string, target: { registry: string; repository: string }): boolean {
  const [host = '', ...path] = scope.replace(/\/+$/, '').split('/')
  if (host === '' || canonicalRegistry(host) !== canonicalRegistry(target.registry)) return false
  const parts = target.repository.split('/')
  return path.every((part, at) => part === parts[at])
}
