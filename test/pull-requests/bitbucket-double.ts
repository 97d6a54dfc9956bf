import { addPull, openPull, type StoredPullRequest } from './forge-state.ts'
import {
  BOOLEAN,
  type DoubleAnswer,
  type DoubleRequest,
  object,
  PAGE_NUMBER,
  type Service,
  STRING,
  TEXT,
  TOKEN,
} from './service-double.ts'

const USERS: Readonly<Record<string, string>> = {
  ada: '{00000000-0000-4000-8000-00000000000a}',
  grace: '{00000000-0000-4000-8000-00000000000b}',
}
const UUID = { type: 'string', pattern: '^\\{[0-9a-f-]{36}\\}$' }
const REVIEWERS = { type: 'array', items: object({ uuid: UUID }, 'uuid') }
const BRANCH = object({ branch: object({ name: TEXT }, 'name') }, 'branch')

/** Bitbucket Cloud: API version 2.0 by its OpenAPI document. */
export const bitbucket: Service = {
  provider: 'bitbucket',
  authorization: `Bearer ${TOKEN}`,
  headers: {},
  repositoryUrl: () => 'https://bitbucket.org/acme/shop.git',
  api: (host) => `http://${host}/2.0`,
  forbidden: answer(403, 'Your credentials lack one or more required privilege scopes.'),
  unauthorized: answer(401, 'Token is invalid, expired, or not supported for this endpoint.'),
  notFound: answer(404, 'Repository acme/shop not found'),
  limited: (seconds) => ({
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { type: 'error', error: { message: 'Rate limit for this resource has been exceeded' } },
  }),
  operations(state, origin) {
    const base = '/2.0/repositories/acme/shop/pullrequests'
    const one = (number: string | undefined) => state.pulls[Number(number) - 1]
    return [
      {
        method: 'GET',
        path: new RegExp(`^${base}$`),
        query: {
          state: { enum: ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'] },
          q: { type: 'string', pattern: '^state="OPEN" AND source\\.branch\\.name="(?:[^"\\\\]|\\\\.)+"$' },
          pagelen: { type: 'string', pattern: '^(?:[1-9]|[1-4][0-9]|50)$' },
          page: PAGE_NUMBER,
        },
        answer(request) {
          const head = /name="(.*)"$/.exec(request.query.get('q') ?? '')?.[1]
          const found = state.pulls.filter((pull) => pull.open && (head === undefined || pull.head === head))
          return page(found.map(shown), request, 50)
        },
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}$`),
        body: object(
          {
            title: { type: 'string', minLength: 1, maxLength: 255 },
            description: STRING,
            source: BRANCH,
            destination: BRANCH,
            reviewers: REVIEWERS,
            draft: BOOLEAN,
            close_source_branch: BOOLEAN,
          },
          'title',
          'source',
        ),
        answer({ body }) {
          const wanted = body as {
            title: string
            description: string
            source: { branch: { name: string } }
            destination: { branch: { name: string } }
            draft: boolean
          }
          const [head, base] = [wanted.source.branch.name, wanted.destination.branch.name]
          const text = { title: wanted.title, body: wanted.description }
          // The same branches again are no error: the open one is changed.
          const existing = openPull(state, head, base)
          if (existing) Object.assign(existing, text)
          const pull = existing ?? addPull(state, { head, base, ...text, draft: wanted.draft })
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
          {
            title: { type: 'string', minLength: 1, maxLength: 255 },
            description: STRING,
            reviewers: REVIEWERS,
          },
          'title',
        ),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const wanted = body as { title: string; description?: string; reviewers?: { uuid: string }[] }
            const uuids = (wanted.reviewers ?? []).map(({ uuid }) => uuid)
            pull.title = wanted.title
            pull.body = wanted.description ?? ''
            pull.reviewers = Object.keys(USERS).filter((user) => uuids.includes(USERS[user] ?? ''))
            return { status: 200, body: shown(pull) }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/(\\d+)/decline$`),
        body: object({}),
        answer: (_, number) =>
          withPull(one(number), (pull) => {
            pull.open = false
            return { status: 200, body: shown(pull) }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/(\\d+)/comments$`),
        body: object({ content: object({ raw: TEXT }, 'raw') }, 'content'),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            pull.comments.push((body as { content: { raw: string } }).content.raw)
            return { status: 201, body: { id: 1, content: { raw: pull.comments.at(-1) } } }
          }),
      },
      {
        method: 'GET',
        path: /^\/2\.0\/workspaces\/acme\/members$/,
        query: { pagelen: PAGE_NUMBER, page: PAGE_NUMBER, q: STRING },
        answer: (request) =>
          page(
            Object.entries(USERS).map(([nickname, uuid]) => ({
              type: 'workspace_membership',
              user: { type: 'user', uuid, nickname, account_id: `557058:${nickname}` },
            })),
            request,
            1,
          ),
      },
    ]

    function page(items: readonly unknown[], { query, path }: DoubleRequest, most: number): DoubleAnswer {
      const pagelen = Math.min(Number(query.get('pagelen') ?? 10), most)
      const number = Number(query.get('page') ?? 1)
      const next = new URLSearchParams(query)
      next.set('page', String(number + 1))
      return {
        status: 200,
        body: {
          values: items.slice((number - 1) * pagelen, number * pagelen),
          pagelen,
          size: items.length,
          page: number,
          ...(items.length > number * pagelen && { next: `https://elsewhere.example${path}?${next}` }),
        },
      }
    }

    function shown(pull: StoredPullRequest): object {
      const repository = (fork: boolean) => (fork ? null : { type: 'repository', full_name: 'acme/shop' })
      return {
        type: 'pullrequest',
        id: pull.number,
        title: pull.title,
        description: pull.body,
        state: pull.open ? 'OPEN' : 'DECLINED',
        draft: pull.draft,
        source: { branch: { name: pull.head }, repository: repository(pull.fork) },
        destination: { branch: { name: pull.base }, repository: repository(false) },
        reviewers: pull.reviewers.map((nickname) => ({ type: 'user', uuid: USERS[nickname], nickname })),
        links: { html: { href: `${origin}/acme/shop/pull-requests/${pull.number}` } },
      }
    }
  },
}

function withPull(
  pull: StoredPullRequest | undefined,
  then: (pull: StoredPullRequest) => DoubleAnswer,
): DoubleAnswer {
  return pull === undefined ? answer(404, 'Not found') : then(pull)
}

function answer(status: number, message: string): DoubleAnswer {
  return { status, body: { type: 'error', error: { message } } }
}
