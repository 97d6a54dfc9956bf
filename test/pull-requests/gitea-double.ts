import { addPull, openPull, type StoredPullRequest } from './forge-state.ts'
import {
  BOOLEAN,
  type DoubleAnswer,
  linkedPage,
  object,
  PAGE_NUMBER,
  type Service,
  STRING,
  STRINGS,
  TEXT,
  TOKEN,
} from './service-double.ts'

const NUMBERS = { type: 'array', items: { type: 'integer', minimum: 1 } }
const COMMIT = 'c0ffee'.padEnd(40, '0')

/** Gitea and Forgejo: API version 1 by their Swagger document. */
export const gitea: Service = {
  provider: 'gitea',
  authorization: `token ${TOKEN}`,
  headers: {},
  repositoryUrl: (host) => `http://${host}/acme/shop.git`,
  forbidden: answer(403, 'token does not have at least one of required scope(s): [write:repository]'),
  unauthorized: answer(401, 'invalid username, password or token'),
  notFound: answer(404, "The target couldn't be found."),
  limited: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) }, body: {} }),
  operations(state, origin) {
    const base = '/api/v1/repos/acme/shop'
    const one = (number: string | undefined) => state.pulls[Number(number) - 1]
    const show = (pull: StoredPullRequest) => shown(pull, origin, state.labels)
    const paged = { page: PAGE_NUMBER, limit: PAGE_NUMBER }
    const labels = () => [...state.labels].map(([name, id]) => ({ id, name, color: 'ededed' }))
    return [
      {
        method: 'GET',
        path: new RegExp(`^${base}/pulls$`),
        query: { ...paged, state: { enum: ['open', 'closed', 'all'] } },
        answer: (request) =>
          linkedPage(state.pulls.filter(({ open }) => open).map(show), request, 'limit', 50),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/pulls$`),
        body: object({ head: TEXT, base: TEXT, title: TEXT, body: STRING, labels: NUMBERS }),
        answer({ body }) {
          const wanted = body as { head: string; base: string; title: string; body: string }
          const existing = openPull(state, wanted.head, wanted.base)
          if (existing) {
            return answer(409, `pull request already exists for these targets [id: ${existing.number}]`)
          }
          return {
            status: 201,
            body: show(addPull(state, { ...wanted, draft: wanted.title.startsWith('WIP: ') })),
          }
        },
      },
      {
        method: 'GET',
        path: new RegExp(`^${base}/pulls/(\\d+)$`),
        answer: (_, number) => withPull(one(number), (pull) => ({ status: 200, body: show(pull) })),
      },
      {
        method: 'PATCH',
        path: new RegExp(`^${base}/pulls/(\\d+)$`),
        body: object({ title: STRING, body: STRING, state: { enum: ['open', 'closed'] }, labels: NUMBERS }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const { state: wanted, ...text } = body as { state?: string; title?: string; body?: string }
            Object.assign(pull, text, wanted && { open: wanted === 'open' })
            return { status: 201, body: show(pull) }
          }),
      },
      {
        method: 'GET',
        path: new RegExp(`^${base}/labels$`),
        query: paged,
        answer: (request) => linkedPage(labels(), request, 'limit', 50),
      },
      {
        method: 'GET',
        path: /^\/api\/v1\/orgs\/acme\/labels$/,
        query: paged,
        answer: (request) => linkedPage([{ id: 900, name: 'shared', color: '00aabb' }], request, 'limit', 50),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/labels$`),
        body: object(
          { name: TEXT, color: { type: 'string', pattern: '^#?[0-9a-fA-F]{6}$' }, description: STRING },
          'name',
          'color',
        ),
        answer({ body }) {
          const { name } = body as { name: string }
          const id = state.labels.size + 1
          state.labels.set(name, id)
          return { status: 201, body: { id, name, color: 'ededed' } }
        },
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/issues/(\\d+)/labels$`),
        body: object({ labels: NUMBERS }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            for (const id of (body as { labels: number[] }).labels) {
              const known = [...state.labels].find(([, each]) => each === id)?.[0]
              pull.labels.push(known ?? (id === 900 ? 'shared' : `unknown ${id}`))
            }
            return { status: 200, body: [] }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/pulls/(\\d+)/requested_reviewers$`),
        body: object({ reviewers: STRINGS, team_reviewers: STRINGS }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const { reviewers, team_reviewers } = body as { reviewers: string[]; team_reviewers: string[] }
            if (reviewers.includes('nobody')) return answer(404, 'user does not exist [name: nobody]')
            pull.reviewers.push(...reviewers, ...team_reviewers)
            return { status: 201, body: [] }
          }),
      },
      {
        method: 'GET',
        path: new RegExp(`^${base}/commits/${COMMIT}/status$`),
        answer: () => ({
          status: 200,
          body: { state: state.checks ? 'pending' : '', sha: COMMIT, total_count: state.checks ? 1 : 0 },
        }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/pulls/(\\d+)/merge$`),
        body: object(
          {
            Do: {
              enum: ['merge', 'rebase', 'rebase-merge', 'squash', 'fast-forward-only', 'manually-merged'],
            },
            merge_when_checks_succeed: BOOLEAN,
            head_commit_id: { const: COMMIT },
            delete_branch_after_merge: BOOLEAN,
          },
          'Do',
        ),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            if (!state.autoMerge) return answer(405, 'User not allowed to merge PR')
            if (pull.autoMerge !== '') {
              return answer(409, 'pull request is already scheduled to auto merge when checks succeed')
            }
            pull.autoMerge = (body as { Do: string }).Do
            return { status: 201 }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/issues/(\\d+)/comments$`),
        body: object({ body: TEXT }, 'body'),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            pull.comments.push((body as { body: string }).body)
            return { status: 201, body: { id: 1, body: pull.comments.at(-1) } }
          }),
      },
    ]
  },
}

/** The same API by another name. */
export const forgejo: Service = { ...gitea, provider: 'forgejo' }

function shown(pull: StoredPullRequest, origin: string, labels: ReadonlyMap<string, number>): object {
  return {
    number: pull.number,
    html_url: `${origin}/acme/shop/pulls/${pull.number}`,
    state: pull.open ? 'open' : 'closed',
    title: pull.title,
    body: pull.body,
    head: { label: pull.head, ref: pull.head, sha: COMMIT, repo_id: pull.fork ? 6 : 5 },
    base: { label: pull.base, ref: pull.base, sha: COMMIT, repo_id: 5 },
    labels: pull.labels.map((name) => ({ id: labels.get(name) ?? 900, name })),
    requested_reviewers: pull.reviewers.length === 0 ? null : pull.reviewers.map((login) => ({ login })),
  }
}

function withPull(
  pull: StoredPullRequest | undefined,
  then: (pull: StoredPullRequest) => DoubleAnswer,
): DoubleAnswer {
  return pull === undefined ? gitea.notFound : then(pull)
}

function answer(status: number, message: string): DoubleAnswer {
  return { status, body: { message, url: 'https://gitea.example/api/swagger' } }
}
