import { UserError } from '../errors.ts'

/** What went wrong with a repository, for those who decide what to do next. */
export type GitErrorKind =
  | 'no-git'
  | 'url'
  | 'refused'
  | 'credentials'
  | 'host-key'
  | 'tls'
  | 'unreachable'
  | 'no-repository'
  | 'no-branch'
  | 'branch-name'
  | 'protected'
  | 'rejected'
  | 'locked'
  | 'disk'
  | 'identity'
  | 'signing'
  | 'path'
  | 'symlink'
  | 'submodule'
  | 'lfs'
  | 'too-large'
  | 'damaged'
  | 'missing-object'
  | 'timeout'
  | 'interrupted'
  | 'failed'

/** One line for the operator, free of secrets; its text from outside is raw. */
export class GitError extends UserError {
  readonly kind: GitErrorKind

  constructor(kind: GitErrorKind, problem: string, remedy = '', options?: ErrorOptions) {
    super(problem, remedy, options)
    this.kind = kind
  }
}
