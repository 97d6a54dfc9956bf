import type { ApiClient } from './api-client.ts'
import type { MergeMethod, PullRequest } from './pull-request.ts'
import { PullRequestError } from './pull-request-error.ts'
import { wholeNumber } from './read-answer.ts'

const LOOKS = 5
/** Milliseconds between looks. */
const PAUSE = 2_000

/**
 * Gitea merges at once what is told to wait for checks when there are none, and the first check of a new
 * commit takes a moment to appear: so this looks for one first, and does nothing when there is none.
 *
 * @param repository path of the repository in the API
 * @returns why it is not set, '' when it is
 */
export async function enableGiteaAutoMerge(
  client: ApiClient,
  repository: string,
  { number, id: commit }: PullRequest,
  method: MergeMethod,
): Promise<string> {
  const to = 'enable auto-merge'
  const checks = async () => {
    const status = await client.get(to, `${repository}/commits/${encodeURIComponent(commit)}/status`)
    return wholeNumber(status.member('total_count'))
  }
  let found = await checks()
  for (let look = 1; look < LOOKS && found === 0; look++) {
    await client.pause(PAUSE)
    found = await checks()
  }
  if (found === 0) return 'its commit has no checks, and would be merged without any'
  const wanted = { Do: method, merge_when_checks_succeed: true, head_commit_id: commit }
  try {
    await client.write('POST', to, `${repository}/pulls/${number}/merge`, wanted)
  } catch (error) {
    // It is scheduled already, which the API does not show elsewhere.
    if (!(error instanceof PullRequestError && error.kind === 'conflict')) throw error
  }
  return ''
}
