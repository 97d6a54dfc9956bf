import type { ObjectField } from '../application/object-field.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import { AZURE_FIRST_PAGE, AZURE_VERSION, azurePage } from './azure-pages.ts'
import { findAzureReviewers } from './azure-reviewers.ts'
import type { RepositoryPlace } from './choose-provider.ts'
import type { PullRequestCredential } from './credential.ts'
import type { Forge } from './forge.ts'
import type { MergeMethod, PullRequest } from './pull-request.ts'
import { wholeNumber } from './read-answer.ts'
import { urlPath } from './repository-address.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

const LIMITS = { title: 255, body: 4000 }
const BRANCHES = 'refs/heads/'
const STRATEGIES: Readonly<Record<MergeMethod, string>> = {
  merge: 'noFastForward',
  squash: 'squash',
  rebase: 'rebase',
}
/** A bad token gets 401 and not a redirect to a page where people sign in. */
const HEADERS = { 'x-tfs-fedauthredirect': 'Suppress' }

/** The REST API of Azure DevOps, version 7.1. */
export async function openAzureDevops(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<Forge> {
  const client = await openApiClient('Azure DevOps', place, HEADERS, credential, surroundings)
  const [project = '', name = ''] = place.repository
  const pulls = `${urlPath(project)}/_apis/git/repositories${urlPath(name)}/pullrequests`
  const web = `${place.api}${urlPath(project, '_git', name)}/pullrequest`
  const read = async (number: number) => {
    const path = `${pulls}/${number}`
    const [found, labels] = await Promise.all([
      client.get(`read !${number}`, path, AZURE_VERSION),
      client.get(`read !${number}`, `${path}/labels`, AZURE_VERSION),
    ])
    return pullRequestOf(found, labels.member('value'), web)
  }
  const change = async (to: string, number: number, body: object) => {
    await client.write('PATCH', to, `${pulls}/${number}`, body, AZURE_VERSION)
  }
  return {
    name: client.name,
    limits: LIMITS,
    marker: 'comment',
    // Descriptions end after 400 characters.
    listed: 'in-part',
    async listOpen() {
      const query = { ...AZURE_FIRST_PAGE, 'searchCriteria.status': 'active' }
      const listed = await client.pages('list pull requests', pulls, query, azurePage)
      return listed.map((item) => pullRequestOf(item, item.member('labels'), web))
    },
    read,
    async create({ head, base, title, body, draft }) {
      const wanted = {
        sourceRefName: `${BRANCHES}${head}`,
        targetRefName: `${BRANCHES}${base}`,
        title,
        description: body,
        isDraft: draft,
      }
      const answer = await client.write('POST', 'open a pull request', pulls, wanted, AZURE_VERSION)
      return { pullRequest: pullRequestOf(answer, answer.member('labels'), web), notes: [] }
    },
    edit: ({ number }, { title, body }) => change(`update !${number}`, number, { title, description: body }),
    async addLabels({ number }, labels) {
      for (const label of labels) {
        await client.write('POST', 'add labels', `${pulls}/${number}/labels`, { name: label }, AZURE_VERSION)
      }
    },
    async requestReviews({ number }, reviewers) {
      const { ids, notes } = await findAzureReviewers(client, project, reviewers)
      for (const id of ids) {
        const path = `${pulls}/${number}/reviewers/${id}`
        await client.write('PUT', 'request reviews', path, { id, vote: 0 }, AZURE_VERSION)
      }
      return notes
    },
    async enableAutoMerge({ number }, method) {
      const id = await ownId(client)
      const completionOptions = { mergeStrategy: STRATEGIES[method] }
      await change('enable auto-complete', number, { autoCompleteSetBy: { id }, completionOptions })
      return ''
    },
    async comment({ number }, content) {
      const thread = { comments: [{ parentCommentId: 0, content, commentType: 1 }], status: 1 }
      await client.write('POST', 'comment', `${pulls}/${number}/threads`, thread, AZURE_VERSION)
    },
    close: ({ number }) => change(`abandon !${number}`, number, { status: 'abandoned' }),
    disconnect: () => client.close(),
  }
}

/** Whose token it is: auto-complete is set in somebody's name, and only one's own is allowed. */
async function ownId(client: ApiClient): Promise<string> {
  const connection = await client.get('enable auto-complete', '/_apis/connectionData')
  return connection.member('authenticatedUser').member('id').text()
}

function pullRequestOf(field: ObjectField, labels: ObjectField, web: string): PullRequest {
  const number = wholeNumber(field.member('pullRequestId'))
  const branchOf = (ref: string) => field.member(ref).text().replace(BRANCHES, '')
  return {
    number,
    // The API gives only its own address of it.
    url: `${web}/${number}`,
    open: field.member('status').text() === 'active',
    head: branchOf('sourceRefName'),
    base: branchOf('targetRefName'),
    title: field.member('title').text(),
    body: field.member('description').text(),
    labels: labels.items().map((label) => label.member('name').text()),
    draft: field.member('isDraft').flag(),
    autoMerge: field.member('autoCompleteSetBy').members() !== undefined,
    ownBranch: field.member('forkSource').members() === undefined,
    id: '',
  }
}
