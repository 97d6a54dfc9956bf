/**
 * What an image that still runs the old one waits for, once the new one is in git.
 *
 * @param commit that put it there, '' where it was there already
 * @param deployed whether the branch is the one that is deployed
 * @param request URL of the pull request, '' where it is on the branch that is deployed
 */
export function waitingFor({
  branch,
  commit,
  deployed,
  request,
}: {
  readonly branch: string
  readonly commit: string
  readonly deployed: boolean
  readonly request: string
}): string {
  if (request !== '') return `the pull request ${request} waits to be merged`
  if (!deployed) return `branch ${branch} has it, and waits to be merged`
  return commit === ''
    ? 'git says so already, Argo CD has yet to sync it'
    : `committed as ${commit.slice(0, 12)}, Argo CD has yet to sync it`
}
