import type { Clone } from './clone.ts'

export interface PushedBranch {
  readonly branch: string
  readonly commit: string
  /** Where the branch must stand for what is on it to be replaced; only ever given for the tool's own write branch. */
  readonly replaces?: string
}

/**
 * Pushes one commit to one branch. Without `replaces` the server takes it only when the branch goes forward by it.
 *
 * @throws GitError of kind `rejected` when the branch has moved, `protected` when the server does not want it
 */
export async function pushBranch(clone: Clone, { branch, commit, replaces }: PushedBranch): Promise<void> {
  const lease = replaces === undefined ? [] : [`--force-with-lease=refs/heads/${branch}:${replaces}`]
  const options = ['--no-verify', '--no-signed', ...lease]
  const refspec = `${commit}:refs/heads/${branch}`
  await clone.runRemote(`push to ${branch}`, ['push', ...options, '--end-of-options', 'origin', refspec])
  await clone.setTip(branch, commit)
}
