import type { ObjectField } from '../application/object-field.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import type { RepositoryPlace } from './choose-provider.ts'
import type { PullRequestCredential } from './credential.ts'
import { draftTitle, withoutDraft } from './draft-title.ts'
import type { Forge } from './forge.ts'
import { enableGitlabAutoMerge } from './gitlab-auto-merge.ts'
import type { PullRequest } from './pull-request.ts'
import { webLink, wholeNumber } from './read-answer.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

const DRAFT = 'Draft: '
/** Of titles 255, less the prefix of a draft; of descriptions a good million. */
const LIMITS = { title: 255 - DRAFT.length, body: 1_000_000 }

/** The REST API of GitLab, version 4. */
export async function openGitlab(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<Forge> {
  const client = await openApiClient('GitLab', place, {}, credential, surroundings)
  const requests = `/projects/${encodeURIComponent(place.repository.join('/'))}/merge_requests`
  return {
    name: client.name,
    limits: LIMITS,
    marker: 'comment',
    listed: 'whole',
    // A title of its own must not make it a draft.
    spellTitle: withoutDraft,
    async listOpen() {
      const query = { state: 'opened', per_page: '100' }
      return (await client.pages('list merge requests', requests, query)).map(pullRequestOf)
    },
    read: async (number) => pullRequestOf(await client.get(`read !${number}`, `${requests}/${number}`)),
    async create({ head, base, title, body, draft }) {
      const answer = await client.write('POST', 'open a merge request', requests, {
        source_branch: head,
        target_branch: base,
        title: draft ? draftTitle(DRAFT, title) : title,
        description: body,
      })
      return { pullRequest: pullRequestOf(answer), notes: [] }
    },
    async edit({ number, draft }, { title, body }) {
      await client.write('PUT', `update !${number}`, `${requests}/${number}`, {
        title: draft ? draftTitle(DRAFT, title) : title,
        description: body,
      })
    },
    // A comma stands between labels, so none can be in their names.
    spellLabel: (label) => label.replaceAll(',', ' '),
    async addLabels({ number }, labels) {
      const add_labels = labels.join(',')
      await client.write('PUT', 'add labels', `${requests}/${number}`, { add_labels })
    },
    requestReviews: ({ number }, reviewers) => requestReviews(client, `${requests}/${number}`, reviewers),
    enableAutoMerge: ({ number }, method) => enableGitlabAutoMerge(client, `${requests}/${number}`, method),
    async comment({ number }, body) {
      await client.write('POST', 'comment', `${requests}/${number}/notes`, { body })
    },
    async close({ number }) {
      await client.write('PUT', `close !${number}`, `${requests}/${number}`, { state_event: 'close' })
    },
    disconnect: () => client.close(),
  }
}

/** GitLab takes the numbers of users, and replaces the reviewers that are there. */
async function requestReviews(
  client: ApiClient,
  path: string,
  reviewers: readonly string[],
): Promise<readonly string[]> {
  const ids: number[] = []
  const notes: string[] = []
  for (const reviewer of reviewers) {
    const username = reviewer.replace(/^@/, '')
    const [user] = (await client.get('look up users', '/users', { username })).items()
    if (user === undefined) notes.push(`${client.name} knows no user ${username}: no review is requested`)
    else ids.push(wholeNumber(user.member('id')))
  }
  if (ids.length > 0) await client.write('PUT', 'request reviews', path, { reviewer_ids: ids })
  return notes
}

function pullRequestOf(field: ObjectField): PullRequest {
  const project = field.member('target_project_id').value
  return {
    number: wholeNumber(field.member('iid')),
    url: webLink(field.member('web_url')),
    open: field.member('state').text() === 'opened',
    head: field.member('source_branch').text(),
    base: field.member('target_branch').text(),
    title: withoutDraft(field.member('title').text()),
    body: field.member('description').text(),
    labels: field
      .member('labels')
      .items()
      .map((label) => label.text()),
    draft: field.member('draft').flag(),
    autoMerge: field.member('merge_when_pipeline_succeeds').flag(),
    ownBranch: project !== undefined && field.member('source_project_id').value === project,
    id: '',
  }
}
