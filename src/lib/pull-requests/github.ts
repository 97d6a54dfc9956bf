import type { ObjectField } from '../application/object-field.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import { graphqlEndpoint, type RepositoryPlace } from './choose-provider.ts'
import type { PullRequestCredential } from './credential.ts'
import type { Forge, NewPullRequest, Opened } from './forge.ts'
import { enableGithubAutoMerge } from './github-auto-merge.ts'
import type { PullRequest } from './pull-request.ts'
import { PullRequestError } from './pull-request-error.ts'
import { webLink, wholeNumber } from './read-answer.ts'
import { urlPath } from './repository-address.ts'
import { USUAL_TEXT_LIMITS } from './service-text.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

/** The REST API of GitHub, version 2022-11-28, and GraphQL where REST has no way. */
const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }

export async function openGithub(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<Forge> {
  const client = await openApiClient('GitHub', place, HEADERS, credential, surroundings)
  const [owner = '', name = ''] = place.repository
  const repository = `/repos${urlPath(owner, name)}`
  const pulls = `${repository}/pulls`
  return {
    name: client.name,
    limits: USUAL_TEXT_LIMITS,
    marker: 'comment',
    listed: 'whole',
    async listOpen() {
      const query = { state: 'open', per_page: '100' }
      return (await client.pages('list pull requests', pulls, query)).map(pullRequestOf)
    },
    read: async (number) => pullRequestOf(await client.get(`read #${number}`, `${pulls}/${number}`)),
    create: (wanted) => create(client, pulls, wanted),
    async edit({ number }, text) {
      await client.write('PATCH', `update #${number}`, `${pulls}/${number}`, text)
    },
    async addLabels({ number }, labels) {
      await client.write('POST', 'add labels', `${repository}/issues/${number}/labels`, { labels })
    },
    async requestReviews({ number }, reviewers) {
      const teams = reviewers.filter((reviewer) => reviewer.includes('/'))
      await client.write('POST', 'request reviews', `${pulls}/${number}/requested_reviewers`, {
        reviewers: reviewers.filter((reviewer) => !teams.includes(reviewer)),
        team_reviewers: teams.map((team) => team.slice(team.indexOf('/') + 1)),
      })
      return []
    },
    enableAutoMerge: (found, method) =>
      enableGithubAutoMerge(client, graphqlEndpoint(place.api), found.id, method),
    async comment({ number }, body) {
      await client.write('POST', 'comment', `${repository}/issues/${number}/comments`, { body })
    },
    async close({ number }) {
      await client.write('PATCH', `close #${number}`, `${pulls}/${number}`, { state: 'closed' })
    },
    disconnect: () => client.close(),
  }
}

/** Drafts are not in every plan; then it is opened without. */
async function create(client: ApiClient, pulls: string, wanted: NewPullRequest): Promise<Opened> {
  const post = async (body: object) =>
    pullRequestOf(await client.write('POST', 'open a pull request', pulls, body))
  try {
    return { pullRequest: await post(wanted), notes: [] }
  } catch (error) {
    const noDrafts =
      error instanceof PullRequestError && /draft pull requests are not supported/i.test(error.message)
    if (!wanted.draft || !noDrafts) throw error
    const pullRequest = await post({ ...wanted, draft: false })
    return { pullRequest, notes: [`${client.name} has no drafts in this repository: it is ready for review`] }
  }
}

function pullRequestOf(field: ObjectField): PullRequest {
  const repositoryOf = (side: 'head' | 'base') =>
    field.member(side).member('repo').member('full_name').text().toLowerCase()
  return {
    number: wholeNumber(field.member('number')),
    url: webLink(field.member('html_url')),
    open: field.member('state').text() === 'open',
    head: field.member('head').member('ref').text(),
    base: field.member('base').member('ref').text(),
    title: field.member('title').text(),
    body: field.member('body').text(),
    labels: field
      .member('labels')
      .items()
      .map((label) => label.member('name').text()),
    draft: field.member('draft').flag(),
    autoMerge: field.member('auto_merge').members() !== undefined,
    ownBranch: repositoryOf('head') !== '' && repositoryOf('head') === repositoryOf('base'),
    id: field.member('node_id').text(),
  }
}
