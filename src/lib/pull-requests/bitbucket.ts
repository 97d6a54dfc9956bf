import type { ObjectField } from '../application/object-field.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import { findBitbucketMembers } from './bitbucket-members.ts'
import { bitbucketPage } from './bitbucket-pages.ts'
import type { RepositoryPlace } from './choose-provider.ts'
import type { PullRequestCredential } from './credential.ts'
import type { Forge } from './forge.ts'
import type { PullRequest } from './pull-request.ts'
import { webLink, wholeNumber } from './read-answer.ts'
import { urlPath } from './repository-address.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

const LIMITS = { title: 255, body: 32_768 }

/** The API of Bitbucket Cloud, version 2.0. It knows no labels, and no merge that waits. */
export async function openBitbucket(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<Forge> {
  const client = await openApiClient('Bitbucket', place, {}, credential, surroundings)
  const [workspace = '', name = ''] = place.repository
  const pulls = `/repositories${urlPath(workspace, name)}/pullrequests`
  return {
    name: client.name,
    limits: LIMITS,
    // Bitbucket shows HTML as it is written.
    marker: 'reference',
    listed: 'whole',
    async listOpen() {
      const query = { state: 'OPEN', pagelen: '50' }
      return (await client.pages('list pull requests', pulls, query, bitbucketPage)).map(pullRequestOf)
    },
    read: async (number) => pullRequestOf(await client.get(`read #${number}`, `${pulls}/${number}`)),
    async create({ head, base, title, body, draft }) {
      const answer = await client.write('POST', 'open a pull request', pulls, {
        title,
        description: body,
        source: { branch: { name: head } },
        destination: { branch: { name: base } },
        draft,
      })
      return { pullRequest: pullRequestOf(answer), notes: [] }
    },
    edit: ({ number }, { title, body }) =>
      change(client, `${pulls}/${number}`, `update #${number}`, { title, description: body }, []),
    addLabels: undefined,
    async requestReviews({ number, title, body }, reviewers) {
      const { ids, notes } = await findBitbucketMembers(client, workspace, reviewers)
      if (ids.length > 0) {
        await change(client, `${pulls}/${number}`, 'request reviews', { title, description: body }, ids)
      }
      return notes
    },
    enableAutoMerge: undefined,
    async comment({ number }, raw) {
      await client.write('POST', 'comment', `${pulls}/${number}/comments`, { content: { raw } })
    },
    async close({ number }) {
      await client.write('POST', `decline #${number}`, `${pulls}/${number}/decline`, {})
    },
    disconnect: () => client.close(),
  }
}

/** A PUT replaces the reviewers too, so those that are there are sent again. */
async function change(
  client: ApiClient,
  path: string,
  to: string,
  text: { readonly title: string; readonly description: string },
  reviewers: readonly string[],
): Promise<void> {
  const present = (await client.get(to, path)).member('reviewers').items()
  const all = new Set([...present.map((each) => each.member('uuid').text()), ...reviewers])
  await client.write('PUT', to, path, { ...text, reviewers: [...all].map((uuid) => ({ uuid })) })
}

function pullRequestOf(field: ObjectField): PullRequest {
  const branchOf = (side: 'source' | 'destination') =>
    field.member(side).member('branch').member('name').text()
  const repositoryOf = (side: 'source' | 'destination') =>
    field.member(side).member('repository').member('full_name').text().toLowerCase()
  return {
    number: wholeNumber(field.member('id')),
    url: webLink(field.member('links').member('html').member('href')),
    open: field.member('state').text() === 'OPEN',
    head: branchOf('source'),
    base: branchOf('destination'),
    title: field.member('title').text(),
    body: field.member('description').text(),
    labels: [],
    draft: field.member('draft').flag(),
    autoMerge: false,
    ownBranch: repositoryOf('source') !== '' && repositoryOf('source') === repositoryOf('destination'),
    id: '',
  }
}
