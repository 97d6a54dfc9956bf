import { addPull, openPull, type StoredPullRequest } from './forge-state.ts'
import { BOOLEAN, type DoubleAnswer, object, type Service, STRING, TEXT, TOKEN } from './service-double.ts'

const USERS = ['ada', 'grace']
const REPOSITORY = object(
  { slug: { const: 'shop' }, project: object({ key: { const: 'ACME' } }, 'key') },
  'slug',
  'project',
)
const REF = object({ id: { type: 'string', pattern: '^refs/heads/.+' }, repository: REPOSITORY }, 'id')
const REVIEWERS = { type: 'array', items: object({ user: object({ name: TEXT }, 'name') }, 'user') }
const TITLE = { type: 'string', minLength: 1, maxLength: 255 }
const DESCRIPTION = { type: 'string', maxLength: 32_768 }
const NUMBER = { type: 'string', pattern: '^\\d+$' }

/** Bitbucket Data Center: REST API version 1.0 by its documentation, for pull requests. */
export const bitbucketDataCenter: Service = {
  provider: 'bitbucket',
  authorization: `Bearer ${TOKEN}`,
  headers: { 'x-atlassian-token': /^no-check$/ },
  repositoryUrl: (host) => `http://${host}/git/scm/ACME/shop.git`,
  forbidden: answer(403, 'You are not permitted to create a pull request in this repository.'),
  unauthorized: answer(401, 'Authentication failed. Please check your credentials and try again.'),
  notFound: answer(404, 'Repository ACME/shop does not exist.'),
  limited: (seconds) => ({
    status: 429,
    headers: { 'retry-after': String(seconds), 'x-ratelimit-remaining': '0' },
    body: { errors: [{ message: 'You have reached the rate limit' }] },
  }),
  operations(state, origin) {
    const base = '/git/rest/api/1.0/projects/ACME/repos/shop/pull-requests'
    const versions = new Map<number, number>()
    const versionOf = ({ number }: StoredPullRequest) => versions.get(number) ?? 0
    const one = (number: string | undefined) => state.pulls[Number(number) - 1]
    const stale = (pull: StoredPullRequest, version: number): DoubleAnswer | undefined => {
      if (version !== versionOf(pull)) {
        return answer(409, 'You are attempting to modify a pull request based on out-of-date information.')
      }
      versions.set(pull.number, version + 1)
      return undefined
    }
    return [
      {
        method: 'GET',
        path: new RegExp(`^${base}$`),
        query: { state: { enum: ['OPEN', 'DECLINED', 'MERGED', 'ALL'] }, limit: NUMBER, start: NUMBER },
        answer({ query }) {
          const found = state.pulls.filter(({ open }) => open).map(shown)
          const start = Number(query.get('start') ?? 0)
          const limit = Math.min(Number(query.get('limit') ?? 25), 100)
          const isLastPage = found.length <= start + limit
          return {
            status: 200,
            body: {
              values: found.slice(start, start + limit),
              isLastPage,
              nextPageStart: isLastPage ? null : start + limit,
              start,
              limit,
            },
          }
        },
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}$`),
        body: object(
          {
            title: TITLE,
            description: DESCRIPTION,
            fromRef: REF,
            toRef: REF,
            reviewers: REVIEWERS,
            draft: BOOLEAN,
          },
          'title',
          'fromRef',
          'toRef',
        ),
        answer({ body }) {
          const wanted = body as {
            title: string
            description: string
            fromRef: { id: string }
            toRef: { id: string }
            draft?: boolean
          }
          const [head, target] = [wanted.fromRef.id.slice(11), wanted.toRef.id.slice(11)]
          if (openPull(state, head, target)) {
            return answer(409, 'Only one pull request may be open for a given source and target branch')
          }
          const pull = addPull(state, {
            head,
            base: target,
            title: wanted.title,
            body: wanted.description,
            draft: state.drafts && wanted.draft === true,
          })
          return { status: 201, body: shown(pull) }
        },
      },
      {
        method: 'GET',
        path: new RegExp(`^${base}/(\\d+)$`),
        answer: (_, number) => withPull(one(number), (pull) => ({ status: 200, body: shown(pull) })),
      },
      {
        method: 'PUT',
        path: new RegExp(`^${base}/(\\d+)$`),
        body: object(
          { version: { type: 'integer' }, title: TITLE, description: DESCRIPTION, reviewers: REVIEWERS },
          'version',
        ),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const wanted = body as {
              version: number
              title: string
              description: string
              reviewers: { user: { name: string } }[]
            }
            const names = wanted.reviewers.map(({ user }) => user.name)
            const unknown = names.find((user) => !USERS.includes(user))
            if (unknown !== undefined) return answer(409, `${unknown} is not a user.`)
            const refused = stale(pull, wanted.version)
            if (refused) return refused
            Object.assign(pull, { title: wanted.title, body: wanted.description, reviewers: names })
            return { status: 200, body: shown(pull) }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/(\\d+)/decline$`),
        query: { version: NUMBER },
        requiredQuery: ['version'],
        body: object({ comment: STRING, version: { type: 'integer' } }),
        answer: ({ query }, number) =>
          withPull(one(number), (pull) => {
            const refused = stale(pull, Number(query.get('version')))
            if (refused) return refused
            pull.open = false
            return { status: 200, body: shown(pull) }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/(\\d+)/comments$`),
        body: object({ text: TEXT }, 'text'),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            pull.comments.push((body as { text: string }).text)
            return { status: 201, body: { id: 1, text: pull.comments.at(-1) } }
          }),
      },
    ]

    function shown(pull: StoredPullRequest): object {
      const ref = (branch: string, id: number) => ({
        id: `refs/heads/${branch}`,
        displayId: branch,
        repository: { id, slug: 'shop', project: { key: 'ACME' } },
      })
      return {
        id: pull.number,
        version: versionOf(pull),
        title: pull.title,
        ...(pull.body !== '' && { description: pull.body }),
        state: pull.open ? 'OPEN' : 'DECLINED',
        open: pull.open,
        closed: !pull.open,
        ...(state.drafts && { draft: pull.draft }),
        fromRef: ref(pull.head, pull.fork ? 6 : 5),
        toRef: ref(pull.base, 5),
        reviewers: pull.reviewers.map((name) => ({ user: { name }, role: 'REVIEWER', approved: false })),
        links: { self: [{ href: `${origin}/git/projects/ACME/repos/shop/pull-requests/${pull.number}` }] },
      }
    }
  },
}

function withPull(
  pull: StoredPullRequest | undefined,
  then: (pull: StoredPullRequest) => DoubleAnswer,
): DoubleAnswer {
  return pull === undefined ? answer(404, 'No pull request exists with this ID.') : then(pull)
}

function answer(status: number, message: string): DoubleAnswer {
  return { status, body: { errors: [{ context: null, message, exceptionName: null }] } }
}
