import { inspect } from 'node:util'
import type { GitAccess } from '../access.ts'

/**
 * With what a repository is reached, and where that was found: `repository Secret argocd/shop`. `source` is
 * for people and holds no secret; it is all that a value shows when it is printed.
 */
export type FoundGitAccess = GitAccess & { readonly source: string }

/**
 * The same value, of which console, logs and JSON show only these fields. What makes it silent is copied by
 * spreading, so that copies are silent too.
 */
export function withoutPrinting<Value extends object>(value: Value, shown: object): Value {
  const say = () => shown
  return Object.assign(value, { [inspect.custom]: say, toJSON: say })
}
