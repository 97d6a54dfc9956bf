import { addPull, openPull, type StoredPullRequest } from './forge-state.ts'
import {
  BOOLEAN,
  type DoubleAnswer,
  linkedPage,
  object,
  PAGE_NUMBER,
  type Service,
  STRING,
  TEXT,
  TOKEN,
} from './service-double.ts'

/** Usernames and their numbers. */
const USERS: Readonly<Record<string, number>> = { ada: 11, grace: 12 }

/** GitLab: the API version 4 as its documentation describes merge requests and users. */
export const gitlab: Service = {
  provider: 'gitlab',
  authorization: `Bearer ${TOKEN}`,
  headers: {},
  repositoryUrl: (host) => `http://${host}/acme/web/shop.git`,
  forbidden: { status: 403, body: { message: '403 Forbidden' } },
  unauthorized: { status: 401, body: { message: '401 Unauthorized' } },
  notFound: { status: 404, body: { message: '404 Project Not Found' } },
  limited: (seconds) => ({
    status: 429,
    headers: { 'retry-after': String(seconds), 'ratelimit-remaining': '0' },
    body: { message: { error: 'Too many requests' } },
  }),
  operations(state, origin) {
    const base = '/api/v4/projects/acme%2Fweb%2Fshop/merge_requests'
    const one = (number: string | undefined) => state.pulls[Number(number) - 1]
    const show = (pull: StoredPullRequest) => shown(pull, origin, state.checks)
    return [
      {
        method: 'GET',
        path: new RegExp(`^${base}$`),
        query: {
          state: { enum: ['opened', 'closed', 'locked', 'merged', 'all'] },
          source_branch: STRING,
          target_branch: STRING,
          per_page: PAGE_NUMBER,
          page: PAGE_NUMBER,
        },
        answer(request) {
          const head = request.query.get('source_branch')
          const found = state.pulls.filter((pull) => pull.open && (head === null || pull.head === head))
          return linkedPage(found.toReversed().map(show), request, 'per_page', 100)
        },
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}$`),
        body: object(
          {
            source_branch: TEXT,
            target_branch: TEXT,
            title: { type: 'string', minLength: 1, maxLength: 255 },
            // A line with a quick action would be carried out.
            description: { type: 'string', maxLength: 1_048_576, not: { pattern: '(?:^|\\n)[ \\t]*/[a-z]' } },
            labels: STRING,
            reviewer_ids: { type: 'array', items: { type: 'integer' } },
            remove_source_branch: BOOLEAN,
          },
          'source_branch',
          'target_branch',
          'title',
        ),
        answer({ body }) {
          const wanted = body as Record<'source_branch' | 'target_branch' | 'title' | 'description', string>
          const existing = openPull(state, wanted.source_branch, wanted.target_branch)
          if (existing) {
            const told = `Another open merge request already exists for this source branch: !${existing.number}`
            return { status: 409, body: { message: [told] } }
          }
          const pull = addPull(state, {
            head: wanted.source_branch,
            base: wanted.target_branch,
            title: wanted.title,
            body: wanted.description,
            draft: wanted.title.startsWith('Draft: '),
          })
          return { status: 201, body: show(pull) }
        },
      },
      {
        method: 'GET',
        path: new RegExp(`^${base}/(\\d+)$`),
        answer: (_, number) => withPull(one(number), (pull) => ({ status: 200, body: show(pull) })),
      },
      {
        method: 'PUT',
        path: new RegExp(`^${base}/(\\d+)$`),
        body: object({
          title: { type: 'string', minLength: 1, maxLength: 255 },
          description: STRING,
          add_labels: TEXT,
          reviewer_ids: { type: 'array', items: { type: 'integer' } },
          state_event: { enum: ['close', 'reopen'] },
        }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const wanted = body as {
              title?: string
              description?: string
              add_labels?: string
              reviewer_ids?: number[]
              state_event?: string
            }
            if (wanted.title !== undefined) pull.title = wanted.title
            if (wanted.description !== undefined) pull.body = wanted.description
            if (wanted.add_labels !== undefined) pull.labels.push(...wanted.add_labels.split(','))
            if (wanted.reviewer_ids !== undefined) {
              pull.reviewers = Object.keys(USERS).filter((user) =>
                wanted.reviewer_ids?.includes(USERS[user] ?? 0),
              )
            }
            if (wanted.state_event === 'close') pull.open = false
            return { status: 200, body: show(pull) }
          }),
      },
      {
        method: 'PUT',
        path: new RegExp(`^${base}/(\\d+)/merge$`),
        body: object({
          merge_when_pipeline_succeeds: BOOLEAN,
          auto_merge: BOOLEAN,
          squash: BOOLEAN,
          sha: { type: 'string', pattern: '^[0-9a-f]{40}$' },
        }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            if (!state.autoMerge) return { status: 405, body: { message: '405 Method Not Allowed' } }
            pull.autoMerge = (body as { squash: boolean }).squash ? 'squash' : 'merge'
            return { status: 200, body: show(pull) }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/(\\d+)/notes$`),
        body: object({ body: TEXT }, 'body'),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            pull.comments.push((body as { body: string }).body)
            return { status: 201, body: { id: 1, body: pull.comments.at(-1) } }
          }),
      },
      {
        method: 'GET',
        path: /^\/api\/v4\/users$/,
        query: { username: TEXT },
        answer({ query }) {
          const username = query.get('username') ?? ''
          const id = Object.hasOwn(USERS, username) ? USERS[username] : undefined
          return { status: 200, body: id === undefined ? [] : [{ id, username, state: 'active' }] }
        },
      },
    ]
  },
}

function shown(pull: StoredPullRequest, origin: string, checks: boolean): object {
  return {
    id: 1000 + pull.number,
    iid: pull.number,
    project_id: 7,
    source_project_id: pull.fork ? 8 : 7,
    target_project_id: 7,
    web_url: `${origin}/acme/web/shop/-/merge_requests/${pull.number}`,
    state: pull.open ? 'opened' : 'closed',
    source_branch: pull.head,
    target_branch: pull.base,
    title: pull.title,
    description: pull.body === '' ? null : pull.body,
    draft: pull.draft,
    labels: pull.labels,
    reviewers: pull.reviewers.map((username) => ({ id: USERS[username], username })),
    sha: 'c0ffee'.padEnd(40, '0'),
    detailed_merge_status: 'ci_still_running',
    head_pipeline: checks ? { id: 3, status: 'running' } : null,
    merge_when_pipeline_succeeds: pull.autoMerge !== '',
  }
}

function withPull(
  pull: StoredPullRequest | undefined,
  then: (pull: StoredPullRequest) => DoubleAnswer,
): DoubleAnswer {
  return pull === undefined ? { status: 404, body: { message: '404 Not found' } } : then(pull)
}
