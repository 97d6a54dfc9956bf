import type { ObjectField } from '../application/object-field.ts'
import type { ApiClient } from './api-client.ts'
import type { MergeMethod } from './pull-request.ts'

const LOOKS = 5
/** Milliseconds between looks. */
const PAUSE = 2_000
/** A pipeline that can still succeed or has done so; with any other GitLab may merge at once. */
const HOPEFUL = new Set([
  'created',
  'waiting_for_resource',
  'waiting_for_callback',
  'preparing',
  'pending',
  'running',
  'scheduled',
  'success',
])
const STILL_CHECKING = new Set(['unchecked', 'checking', 'preparing', 'approvals_syncing'])

/**
 * Without a pipeline GitLab merges at once what is told to wait for one, and the pipeline of a new merge
 * request takes a moment to appear: so this looks for it first, and does nothing when there is none.
 *
 * @returns why it is not set, '' when it is
 */
export async function enableGitlabAutoMerge(
  client: ApiClient,
  path: string,
  method: MergeMethod,
): Promise<string> {
  const to = 'enable auto-merge'
  let request = await client.get(to, path)
  for (let look = 1; look < LOOKS && !isReady(request); look++) {
    await client.pause(PAUSE)
    request = await client.get(to, path)
  }
  const pipeline = request.member('head_pipeline')
  if (pipeline.members() === undefined) return 'it has no pipeline, and would be merged without any check'
  if (!HOPEFUL.has(pipeline.member('status').text())) {
    return 'its pipeline does not run, and it could be merged all the same'
  }
  const sha = request.member('sha').text()
  await client.write('PUT', to, `${path}/merge`, {
    // The first name is the one up to 17.10, the second the one since.
    merge_when_pipeline_succeeds: true,
    auto_merge: true,
    squash: method === 'squash',
    ...(sha !== '' && { sha }),
  })
  return ''
}

function isReady(request: ObjectField): boolean {
  const status = request.member('detailed_merge_status').text()
  return request.member('head_pipeline').members() !== undefined && !STILL_CHECKING.has(status)
}
