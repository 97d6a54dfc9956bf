import type { ObjectField } from '../application/object-field.ts'
import { type ApiClient, type NextPage, openApiClient } from './api-client.ts'
import type { RepositoryPlace } from './choose-provider.ts'
import type { PullRequestCredential } from './credential.ts'
import type { Forge, NewPullRequest, Opened } from './forge.ts'
import type { PullRequest } from './pull-request.ts'
import { PullRequestError } from './pull-request-error.ts'
import { webLink, wholeNumber } from './read-answer.ts'
import { urlPath } from './repository-address.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

const LIMITS = { title: 255, body: 32_768 }
const BRANCHES = 'refs/heads/'
/** Its check against requests that a browser was tricked into lets other clients pass by this header. */
const HEADERS = { 'x-atlassian-token': 'no-check' }

/** The REST API of Bitbucket Data Center, version 1.0. It knows no labels for pull requests. */
export async function openBitbucketDataCenter(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<Forge> {
  const client = await openApiClient('Bitbucket Data Center', place, HEADERS, credential, surroundings)
  const [project = '', name = ''] = place.repository
  const pulls = `/projects${urlPath(project)}/repos${urlPath(name)}/pull-requests`
  return {
    name: client.name,
    limits: LIMITS,
    // Like Bitbucket Cloud it shows HTML as it is written.
    marker: 'reference',
    listed: 'whole',
    async listOpen() {
      const query = { state: 'OPEN', limit: '100', start: '0' }
      return (await client.pages('list pull requests', pulls, query, nextPage)).map(pullRequestOf)
    },
    read: async (number) => pullRequestOf(await client.get(`read #${number}`, `${pulls}/${number}`)),
    create: (wanted) => create(client, pulls, { slug: name, project: { key: project } }, wanted),
    edit: ({ number }, { title, body }) =>
      change(client, `${pulls}/${number}`, `update #${number}`, { title, description: body }, []),
    addLabels: undefined,
    async requestReviews({ number, title, body }, reviewers) {
      const text = { title, description: body }
      await change(client, `${pulls}/${number}`, 'request reviews', text, reviewers)
      return []
    },
    enableAutoMerge: undefined,
    async comment({ number }, text) {
      await client.write('POST', 'comment', `${pulls}/${number}/comments`, { text })
    },
    close: ({ number }) =>
      withVersion(client, `${pulls}/${number}`, `decline #${number}`, async ({ version }) => {
        const query = { version: String(version) }
        await client.write('POST', `decline #${number}`, `${pulls}/${number}/decline`, {}, query)
      }),
    disconnect: () => client.close(),
  }
}

/** Drafts came with 8.18; older versions make something else of them. */
async function create(
  client: ApiClient,
  pulls: string,
  repository: object,
  { head, base, title, body, draft }: NewPullRequest,
): Promise<Opened> {
  const answer = await client.write('POST', 'open a pull request', pulls, {
    title,
    description: body,
    fromRef: { id: `${BRANCHES}${head}`, repository },
    toRef: { id: `${BRANCHES}${base}`, repository },
    ...(draft && { draft }),
  })
  const pullRequest = pullRequestOf(answer)
  const notes = draft && !pullRequest.draft ? [`${client.name} has no drafts: it is ready for review`] : []
  return { pullRequest, notes }
}

/** A PUT replaces the reviewers too, so those that are there are sent again. */
async function change(
  client: ApiClient,
  path: string,
  to: string,
  text: { readonly title: string; readonly description: string },
  reviewers: readonly string[],
): Promise<void> {
  await withVersion(client, path, to, async ({ version, found }) => {
    const present = found.member('reviewers').items()
    const all = new Set([...present.map((each) => each.member('user').member('name').text()), ...reviewers])
    const wanted = { version, ...text, reviewers: [...all].map((user) => ({ user: { name: user } })) }
    await client.write('PUT', to, path, wanted)
  })
}

/** A write names the version it has seen. When somebody else was faster, it is looked at and tried once more. */
async function withVersion(
  client: ApiClient,
  path: string,
  to: string,
  write: (seen: { readonly version: number; readonly found: ObjectField }) => Promise<void>,
): Promise<void> {
  const look = async () => {
    const found = await client.get(to, path)
    return { version: wholeNumber(found.member('version')), found }
  }
  const first = await look()
  try {
    await write(first)
  } catch (error) {
    if (!(error instanceof PullRequestError) || error.kind !== 'conflict') throw error
    const second = await look()
    if (second.version === first.version) throw error
    await write(second)
  }
}

const nextPage: NextPage = (body, query) => {
  const items = body.member('values').items()
  if (body.member('isLastPage').flag()) return { items, next: undefined }
  return { items, next: { ...query, start: String(wholeNumber(body.member('nextPageStart'))) } }
}

function pullRequestOf(field: ObjectField): PullRequest {
  const [self] = field.member('links').member('self').items()
  const branchOf = (side: 'fromRef' | 'toRef') => field.member(side).member('id').text().replace(BRANCHES, '')
  const repositoryOf = (side: 'fromRef' | 'toRef') =>
    wholeNumber(field.member(side).member('repository').member('id'))
  return {
    number: wholeNumber(field.member('id')),
    url: webLink((self ?? field.member('links')).member('href')),
    open: field.member('state').text() === 'OPEN',
    head: branchOf('fromRef'),
    base: branchOf('toRef'),
    title: field.member('title').text(),
    body: field.member('description').text(),
    labels: [],
    draft: field.member('draft').flag(),
    autoMerge: false,
    ownBranch: repositoryOf('fromRef') === repositoryOf('toRef'),
    id: '',
  }
}
