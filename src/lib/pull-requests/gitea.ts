import type { ObjectField } from '../application/object-field.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import type { RepositoryPlace } from './choose-provider.ts'
import type { PullRequestCredential } from './credential.ts'
import { draftTitle, isDraftTitle, withoutDraft } from './draft-title.ts'
import type { Forge } from './forge.ts'
import { enableGiteaAutoMerge } from './gitea-auto-merge.ts'
import { giteaLabelNumbers } from './gitea-labels.ts'
import type { PullRequest } from './pull-request.ts'
import { webLink, wholeNumber } from './read-answer.ts'
import { urlPath } from './repository-address.ts'
import { USUAL_TEXT_LIMITS } from './service-text.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

const DRAFT = 'WIP: '
const LIMITS = { ...USUAL_TEXT_LIMITS, title: USUAL_TEXT_LIMITS.title - DRAFT.length }

/** The API of Gitea, version 1, which Forgejo shares. */
export async function openGitea(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<Forge> {
  const label = place.provider === 'forgejo' ? 'Forgejo' : 'Gitea'
  const client = await openApiClient(label, place, {}, credential, surroundings)
  const [owner = '', name = ''] = place.repository
  const repository = `/repos${urlPath(owner, name)}`
  const pulls = `${repository}/pulls`
  return {
    name: client.name,
    limits: LIMITS,
    marker: 'comment',
    listed: 'whole',
    // A title of its own must not make it a draft.
    spellTitle: withoutDraft,
    // A server gives 50 a page unless it is set up otherwise.
    async listOpen() {
      const query = { state: 'open', limit: '50' }
      return (await client.pages('list pull requests', pulls, query)).map(pullRequestOf)
    },
    read: async (number) => pullRequestOf(await client.get(`read #${number}`, `${pulls}/${number}`)),
    async create({ draft, title, ...rest }) {
      const answer = await client.write('POST', 'open a pull request', pulls, {
        ...rest,
        title: draft ? draftTitle(DRAFT, title) : title,
      })
      return { pullRequest: pullRequestOf(answer), notes: [] }
    },
    async edit({ number, draft }, { title, body }) {
      const wanted = { title: draft ? draftTitle(DRAFT, title) : title, body }
      await client.write('PATCH', `update #${number}`, `${pulls}/${number}`, wanted)
    },
    async addLabels({ number }, wanted) {
      const labels = await giteaLabelNumbers(client, owner, repository, wanted)
      await client.write('POST', 'add labels', `${repository}/issues/${number}/labels`, { labels })
    },
    requestReviews: ({ number }, reviewers) =>
      requestReviews(client, `${pulls}/${number}/requested_reviewers`, reviewers),
    enableAutoMerge: (found, method) => enableGiteaAutoMerge(client, repository, found, method),
    async comment({ number }, body) {
      await client.write('POST', 'comment', `${repository}/issues/${number}/comments`, { body })
    },
    async close({ number }) {
      await client.write('PATCH', `close #${number}`, `${pulls}/${number}`, { state: 'closed' })
    },
    disconnect: () => client.close(),
  }
}

async function requestReviews(
  client: ApiClient,
  path: string,
  reviewers: readonly string[],
): Promise<readonly string[]> {
  const teams = reviewers.filter((reviewer) => reviewer.includes('/'))
  await client.write('POST', 'request reviews', path, {
    reviewers: reviewers.filter((reviewer) => !teams.includes(reviewer)),
    team_reviewers: teams.map((team) => team.slice(team.indexOf('/') + 1)),
  })
  return []
}

function pullRequestOf(field: ObjectField): PullRequest {
  const title = field.member('title').text()
  const repository = field.member('base').member('repo_id').value
  return {
    number: wholeNumber(field.member('number')),
    url: webLink(field.member('html_url')),
    open: field.member('state').text() === 'open',
    head: field.member('head').member('ref').text(),
    base: field.member('base').member('ref').text(),
    title: withoutDraft(title),
    body: field.member('body').text(),
    labels: field
      .member('labels')
      .items()
      .map((label) => label.member('name').text()),
    draft: isDraftTitle(title),
    // The API does not show whether a merge is scheduled; scheduling it again is refused, and told.
    autoMerge: false,
    ownBranch: repository !== undefined && field.member('head').member('repo_id').value === repository,
    id: field.member('head').member('sha').text(),
  }
}
