import { addPull, openPull, type StoredPullRequest } from './forge-state.ts'
import { BOOLEAN, type DoubleAnswer, object, type Service, TEXT, TOKEN } from './service-double.ts'

const USERS: Readonly<Record<string, string>> = {
  'ada@acme.example': '00000000-0000-4000-8000-00000000000a',
  'grace@acme.example': '00000000-0000-4000-8000-00000000000b',
}
const ME = '00000000-0000-4000-8000-0000000000ff'
const TEAM = '00000000-0000-4000-8000-0000000000aa'
const REF = { type: 'string', pattern: '^refs/heads/.+' }
const ID = { type: 'string', pattern: '^[0-9a-f-]{36}$' }
const TITLE = { type: 'string', minLength: 1, maxLength: 400 }
const DESCRIPTION = { type: 'string', maxLength: 4000 }

/** Azure DevOps: API version 7.1 by its published specification. */
export const azureDevops: Service = {
  provider: 'azure',
  authorization: `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}`,
  headers: { 'x-tfs-fedauthredirect': /^Suppress$/, accept: /^application\/json$/ },
  repositoryUrl: (host) => `http://${host}/acme/web/_git/shop`,
  forbidden: answer(
    403,
    "TF401027: You need the Git 'PullRequestContribute' permission to perform this action.",
  ),
  unauthorized: answer(401, 'TF400813: The user is not authorized to access this resource.'),
  notFound: answer(404, 'TF401019: The Git repository with name or identifier shop does not exist.'),
  limited: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) }, body: {} }),
  operations(state) {
    const base = '/acme/web/_apis/git/repositories/shop/pullrequests'
    const one = (number: string | undefined) => state.pulls[Number(number) - 1]
    const version = { 'api-version': { const: '7.1' } }
    const paged = { ...version, $top: { type: 'string' }, $skip: { type: 'string', pattern: '^\\d+$' } }
    const requiredQuery = ['api-version']
    const page = (items: readonly unknown[], query: URLSearchParams): DoubleAnswer => {
      const skip = Number(query.get('$skip') ?? 0)
      const value = items.slice(skip, skip + Number(query.get('$top') ?? 101))
      return { status: 200, body: { value, count: value.length } }
    }
    return [
      {
        method: 'GET',
        path: new RegExp(`^${base}$`),
        requiredQuery,
        query: {
          ...paged,
          'searchCriteria.status': { enum: ['active', 'abandoned', 'completed', 'all', 'notSet'] },
          'searchCriteria.sourceRefName': REF,
          'searchCriteria.targetRefName': REF,
        },
        answer({ query }) {
          const ref = query.get('searchCriteria.sourceRefName')
          const found = state.pulls.filter(
            (pull) => pull.open && (ref === null || `refs/heads/${pull.head}` === ref),
          )
          // Lists cut descriptions, and do not have labels.
          const items = found.map((pull) => shown({ ...pull, body: pull.body.slice(0, 400) }))
          return page(items, query)
        },
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}$`),
        requiredQuery,
        query: version,
        body: object(
          {
            sourceRefName: REF,
            targetRefName: REF,
            title: TITLE,
            description: DESCRIPTION,
            isDraft: BOOLEAN,
            reviewers: { type: 'array', items: object({ id: ID }, 'id') },
          },
          'sourceRefName',
          'targetRefName',
          'title',
        ),
        answer({ body }) {
          const wanted = body as {
            sourceRefName: string
            targetRefName: string
            title: string
            description: string
            isDraft: boolean
          }
          const [head, target] = [wanted.sourceRefName.slice(11), wanted.targetRefName.slice(11)]
          if (openPull(state, head, target)) {
            return answer(
              409,
              'TF401179: An active pull request for the source and target branch already exists.',
            )
          }
          const pull = addPull(state, {
            head,
            base: target,
            title: wanted.title,
            body: wanted.description,
            draft: wanted.isDraft,
          })
          return { status: 201, body: shown(pull) }
        },
      },
      {
        method: 'GET',
        path: new RegExp(`^${base}/(\\d+)$`),
        requiredQuery,
        query: version,
        answer: (_, number) => withPull(one(number), (pull) => ({ status: 200, body: shown(pull) })),
      },
      {
        method: 'PATCH',
        path: new RegExp(`^${base}/(\\d+)$`),
        requiredQuery,
        query: version,
        body: object({
          title: TITLE,
          description: DESCRIPTION,
          status: { enum: ['active', 'abandoned', 'completed'] },
          isDraft: BOOLEAN,
          autoCompleteSetBy: object({ id: { const: ME } }, 'id'),
          completionOptions: object({
            mergeStrategy: { enum: ['noFastForward', 'squash', 'rebase', 'rebaseMerge'] },
            deleteSourceBranch: BOOLEAN,
          }),
        }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const wanted = body as {
              title?: string
              description?: string
              status?: string
              completionOptions?: { mergeStrategy: string }
            }
            if (wanted.completionOptions && !state.autoMerge) {
              return answer(400, 'TF401192: The pull request cannot be set to complete automatically.')
            }
            if (wanted.title !== undefined) pull.title = wanted.title
            if (wanted.description !== undefined) pull.body = wanted.description
            if (wanted.status === 'abandoned') pull.open = false
            if (wanted.completionOptions) {
              pull.autoMerge = wanted.completionOptions.mergeStrategy.replace('noFastForward', 'merge')
            }
            return { status: 200, body: shown(pull) }
          }),
      },
      {
        method: 'GET',
        path: new RegExp(`^${base}/(\\d+)/labels$`),
        requiredQuery,
        query: version,
        answer: (_, number) =>
          withPull(one(number), ({ labels }) => ({
            status: 200,
            body: { value: labels.map((name) => ({ id: ME, name, active: true })), count: labels.length },
          })),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/(\\d+)/labels$`),
        requiredQuery,
        query: version,
        body: object({ name: TEXT }, 'name'),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const { name } = body as { name: string }
            pull.labels.push(name)
            return { status: 200, body: { id: ME, name, active: true } }
          }),
      },
      {
        method: 'PUT',
        path: new RegExp(`^${base}/(\\d+)/reviewers/([0-9a-f-]{36})$`),
        requiredQuery,
        query: version,
        body: object({ id: ID, vote: { const: 0 }, isRequired: BOOLEAN }, 'vote'),
        answer: (_, number, id) =>
          withPull(one(number), (pull) => {
            pull.reviewers.push(Object.keys(USERS).find((user) => USERS[user] === id) ?? `unknown ${id}`)
            return { status: 200, body: { id, vote: 0 } }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/(\\d+)/threads$`),
        requiredQuery,
        query: version,
        body: object(
          {
            comments: {
              type: 'array',
              minItems: 1,
              items: object(
                { parentCommentId: { const: 0 }, content: TEXT, commentType: { const: 1 } },
                'content',
              ),
            },
            status: { type: 'integer' },
          },
          'comments',
        ),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const [comment] = (body as { comments: { content: string }[] }).comments
            pull.comments.push(comment?.content ?? '')
            return { status: 200, body: { id: 1 } }
          }),
      },
      {
        method: 'GET',
        path: /^\/acme\/_apis\/connectionData$/,
        answer: () => ({ status: 200, body: { authenticatedUser: { id: ME }, authorizedUser: { id: ME } } }),
      },
      {
        method: 'GET',
        path: /^\/acme\/_apis\/projects\/web\/teams$/,
        requiredQuery,
        query: paged,
        answer: ({ query }) => page([{ id: TEAM, name: 'web Team' }], query),
      },
      {
        method: 'GET',
        path: new RegExp(`^/acme/_apis/projects/web/teams/${TEAM}/members$`),
        requiredQuery,
        query: paged,
        answer: ({ query }) =>
          page(
            Object.entries(USERS).map(([uniqueName, id]) => ({
              identity: { id, uniqueName, displayName: 'A' },
            })),
            query,
          ),
      },
    ]
  },
}

function shown(pull: StoredPullRequest): object {
  return {
    pullRequestId: pull.number,
    status: pull.open ? 'active' : 'abandoned',
    title: pull.title,
    ...(pull.body !== '' && { description: pull.body }),
    sourceRefName: `refs/heads/${pull.head}`,
    targetRefName: `refs/heads/${pull.base}`,
    isDraft: pull.draft,
    createdBy: { id: ME },
    ...(pull.fork && { forkSource: { name: `refs/heads/${pull.head}` } }),
    ...(pull.autoMerge !== '' && { autoCompleteSetBy: { id: ME } }),
  }
}

function withPull(
  pull: StoredPullRequest | undefined,
  then: (pull: StoredPullRequest) => DoubleAnswer,
): DoubleAnswer {
  return pull === undefined ? answer(404, 'TF401180: The requested pull request was not found.') : then(pull)
}

function answer(status: number, message: string): DoubleAnswer {
  return { status, body: { $id: '1', message, typeKey: 'GitException', errorCode: 0 } }
}
