import { addPull, type ForgeState, openPull, type StoredPullRequest } from './forge-state.ts'
import {
  BOOLEAN,
  type DoubleAnswer,
  linkedPage,
  type Operation,
  object,
  PAGE_NUMBER,
  type Service,
  STRING,
  STRINGS,
  TEXT,
  TOKEN,
} from './service-double.ts'

const DOCUMENTATION = 'https://docs.github.com/rest'

/** GitHub Enterprise Server: REST by the OpenAPI document of api.github.com, 2022-11-28, and the one mutation. */
export const github: Service = {
  provider: 'github',
  authorization: `Bearer ${TOKEN}`,
  headers: { accept: /^application\/vnd\.github\+json$/, 'x-github-api-version': /^2022-11-28$/ },
  repositoryUrl: (host) => `http://${host}/acme/shop.git`,
  forbidden: answer(403, 'Resource not accessible by personal access token'),
  unauthorized: answer(401, 'Bad credentials'),
  notFound: answer(404, 'Not Found'),
  limited: (seconds, now) => ({
    status: 403,
    headers: {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(now / 1000) + seconds),
    },
    body: { message: 'API rate limit exceeded for user ID 1.', documentation_url: DOCUMENTATION },
  }),
  operations(state, origin) {
    const base = '/api/v3/repos/acme/shop'
    const one = (number: string | undefined) => state.pulls[Number(number) - 1]
    const show = (pull: StoredPullRequest) => shown(pull, origin)
    return [
      {
        method: 'GET',
        path: new RegExp(`^${base}/pulls$`),
        query: {
          state: { enum: ['open', 'closed', 'all'] },
          head: STRING,
          base: STRING,
          per_page: PAGE_NUMBER,
          page: PAGE_NUMBER,
        },
        answer(request) {
          const head = request.query.get('head')
          const found = state.pulls.filter(
            (pull) =>
              pull.open && (head === null || `${pull.fork ? 'stranger' : 'acme'}:${pull.head}` === head),
          )
          return linkedPage(found.toReversed().map(show), request, 'per_page', 100)
        },
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/pulls$`),
        body: object(
          {
            title: TEXT,
            head: TEXT,
            base: TEXT,
            body: STRING,
            draft: BOOLEAN,
            maintainer_can_modify: BOOLEAN,
          },
          'head',
          'base',
        ),
        answer({ body }) {
          const wanted = body as { title: string; head: string; base: string; body: string; draft?: boolean }
          if (wanted.draft && !state.drafts) {
            return answer(422, 'Draft pull requests are not supported in this repository.')
          }
          if (openPull(state, wanted.head, wanted.base)) {
            return answer(422, 'Validation Failed', [
              {
                resource: 'PullRequest',
                code: 'custom',
                message: `A pull request already exists for acme:${wanted.head}.`,
              },
            ])
          }
          return { status: 201, body: show(addPull(state, wanted)) }
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
        body: object({ title: TEXT, body: STRING, state: { enum: ['open', 'closed'] }, base: TEXT }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const { state: wanted, ...text } = body as { state?: string; title?: string; body?: string }
            Object.assign(pull, text, wanted && { open: wanted === 'open' })
            return { status: 200, body: show(pull) }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/issues/(\\d+)/labels$`),
        body: object({ labels: { type: 'array', items: TEXT, minItems: 1 } }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            pull.labels.push(...(body as { labels: string[] }).labels)
            return { status: 200, body: labelsOf(pull) }
          }),
      },
      {
        method: 'POST',
        path: new RegExp(`^${base}/pulls/(\\d+)/requested_reviewers$`),
        body: object({ reviewers: STRINGS, team_reviewers: STRINGS }),
        answer: ({ body }, number) =>
          withPull(one(number), (pull) => {
            const { reviewers, team_reviewers } = body as { reviewers: string[]; team_reviewers: string[] }
            if (reviewers.includes('nobody')) {
              return answer(422, 'Reviews may only be requested from collaborators.')
            }
            pull.reviewers.push(...reviewers, ...team_reviewers)
            return { status: 201, body: show(pull) }
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
      autoMerge(state),
    ]
  },
}

function autoMerge(state: ForgeState): Operation {
  return {
    method: 'POST',
    path: /^\/api\/graphql$/,
    body: object(
      {
        query: { type: 'string', pattern: 'enablePullRequestAutoMerge\\(input: \\{ pullRequestId: \\$' },
        variables: object(
          { pullRequestId: TEXT, mergeMethod: { enum: ['MERGE', 'SQUASH', 'REBASE'] } },
          'pullRequestId',
          'mergeMethod',
        ),
      },
      'query',
      'variables',
    ),
    answer({ body }) {
      const { variables } = body as { variables: { pullRequestId: string; mergeMethod: string } }
      const pull = state.pulls.find(({ number }) => `PR_${number}` === variables.pullRequestId)
      if (pull === undefined || !state.autoMerge) {
        const message = 'Pull request Auto merge is not allowed for this repository'
        return {
          status: 200,
          body: {
            data: { enablePullRequestAutoMerge: null },
            errors: [{ type: 'UNPROCESSABLE', path: ['enablePullRequestAutoMerge'], message }],
          },
        }
      }
      pull.autoMerge = variables.mergeMethod.toLowerCase()
      const { number } = pull
      return { status: 200, body: { data: { enablePullRequestAutoMerge: { pullRequest: { number } } } } }
    },
  }
}

function shown(pull: StoredPullRequest, origin: string): object {
  const { number, title, body, draft } = pull
  return {
    number,
    node_id: `PR_${number}`,
    html_url: `${origin}/acme/shop/pull/${number}`,
    state: pull.open ? 'open' : 'closed',
    title,
    body: body === '' ? null : body,
    draft,
    head: { ref: pull.head, repo: pull.fork ? null : { full_name: 'acme/shop' } },
    base: { ref: pull.base, repo: { full_name: 'acme/shop' } },
    labels: labelsOf(pull),
    auto_merge: pull.autoMerge === '' ? null : { merge_method: pull.autoMerge },
    requested_reviewers: pull.reviewers.map((login) => ({ login })),
  }
}

function labelsOf({ labels }: StoredPullRequest): object[] {
  return labels.map((name, index) => ({ id: index + 1, name, color: 'ededed' }))
}

function withPull(
  pull: StoredPullRequest | undefined,
  then: (pull: StoredPullRequest) => DoubleAnswer,
): DoubleAnswer {
  return pull === undefined ? github.notFound : then(pull)
}

function answer(status: number, message: string, errors?: readonly object[]): DoubleAnswer {
  return { status, body: { message, ...(errors && { errors }), documentation_url: DOCUMENTATION } }
}
