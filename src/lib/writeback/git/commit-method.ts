import { UserError } from '../../errors.ts'

export class CommitMethodError extends UserError {}

/** How a commit is made: by git, or by the API of the forge, which then signs it. */
export type CommitMethod = 'git' | 'api'

/**
 * Reads the name of a commit method; nothing means git.
 *
 * @throws CommitMethodError for any other name; case matters, as in argocd-image-updater
 */
export function parseCommitMethod(text: string): CommitMethod {
  if (text === '' || text === 'git') return 'git'
  if (text === 'api') return 'api'
  throw new CommitMethodError(`"${text}" is not a commit method`, 'Write git or api')
}
