import { UserError } from '../../errors.ts'
import { commitHashKind } from './commit-hash.ts'
import { sameGitRepository } from './repository-url.ts'

export class BaseBranchError extends UserError {}

/** What of an Application's source decides on a branch. */
export interface Source {
  readonly repoURL: string
  readonly targetRevision?: string
}

/**
 * The branch that a change starts from, where `git-branch` names none: the revision that the Application
 * deploys of the repository that is written to, else that of its chosen source. '' is the default branch of
 * the repository.
 *
 * @param repository the value of `git-repository`, if there is one
 * @throws BaseBranchError where the Application is pinned to a commit, on which nothing can be built
 */
export function baseBranch(
  sources: readonly Source[],
  chosen: Source | undefined,
  repository?: string,
): string {
  const named = repository ? sources.find(({ repoURL }) => sameGitRepository(repoURL, repository)) : undefined
  const revision = (named ?? chosen ?? sources[0])?.targetRevision?.trim() ?? ''
  if (commitHashKind(revision) === 'full') {
    throw new BaseBranchError(
      `the source deploys the commit ${revision.slice(0, 12)}, which is no branch to commit to`,
      'Name one with the annotation git-branch',
    )
  }
  return revision === 'HEAD' ? '' : revision
}
