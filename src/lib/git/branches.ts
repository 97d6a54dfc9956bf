import type { RemoteHeads } from './clone.ts'
import { GitError } from './git-error.ts'
import { checkBranchName } from './ref-name.ts'

/** What is known about the branch that changes are for. */
export interface BaseChoice {
  /** Named by the operator or an annotation. */
  readonly base?: string
  /** Of the Application's source; counts when it names a branch. */
  readonly targetRevision?: string
}

/** The branches to ask a server for, checked. @throws GitError of kind `branch-name` */
export function namedBranches({ base, targetRevision }: BaseChoice): string[] {
  if (base !== undefined && base !== '') return [checkBranchName(base)]
  const revision = shortRevision(targetRevision)
  return revision === '' ? [] : [checkBranchName(revision)]
}

/**
 * The branch that changes are for: the named one, else the Application's revision, else the default branch. A revision
 * that is a tag or a commit is refused: whatever is written elsewhere would never reach the Application.
 *
 * @throws GitError of kind `no-branch`
 */
export function chooseBase(choice: BaseChoice, { defaultBranch, tips }: RemoteHeads, url: string): string {
  const [named] = namedBranches(choice)
  const branch = named ?? defaultBranch
  if (named !== undefined && tips.has(named)) return named
  if (named === undefined && branch !== '') return branch
  if (named === undefined) {
    throw new GitError(
      'no-branch',
      `${url} has no default branch: it is empty`,
      'Name a branch, and push it first',
    )
  }
  throw choice.base
    ? new GitError('no-branch', `${url} has no branch ${branch}`, 'Name an existing one in git-branch')
    : new GitError(
        'no-branch',
        `targetRevision ${branch} of the Application is not a branch of ${url}`,
        'Name the branch to write to in git-branch, or let the Application follow a branch',
      )
}

function shortRevision(revision = ''): string {
  return revision === 'HEAD' ? '' : revision.replace(/^refs\/heads\//, '')
}
