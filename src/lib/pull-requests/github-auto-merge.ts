import type { ApiClient } from './api-client.ts'
import type { MergeMethod } from './pull-request.ts'

const MUTATION = `mutation EnableAutoMerge($pullRequestId: ID!, $mergeMethod: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $pullRequestId, mergeMethod: $mergeMethod }) {
    pullRequest { number }
  }
}`

/**
 * Only GraphQL can do this. Its refusals come with status 200: auto-merge is not allowed in the repository,
 * the merge method is not, or nothing is left to wait for ("clean status"), and then people merge.
 *
 * @param id the global node ID
 * @returns ''
 * @throws PullRequestError with the first refusal
 */
export async function enableGithubAutoMerge(
  client: ApiClient,
  endpoint: string,
  id: string,
  method: MergeMethod,
): Promise<string> {
  const to = 'enable auto-merge'
  const variables = { pullRequestId: id, mergeMethod: method.toUpperCase() }
  const answer = await client.write('POST', to, endpoint, { query: MUTATION, variables })
  const [refusal] = answer.member('errors').items()
  if (refusal === undefined) return ''
  const status = refusal.member('type').text() === 'FORBIDDEN' ? 403 : 422
  throw client.failure(status, to, refusal.member('message').text())
}
