import { ObjectField } from '../application/object-field.ts'
import { nextPageQuery } from '../registry/link-header.ts'
import { type Asked, answerFailure, parsed } from './answer-failure.ts'
import type { RepositoryPlace } from './choose-provider.ts'
import { type ApiAnswer, type ApiRequest, elsewhere, openConnection } from './connection.ts'
import { authorizationFor, type PullRequestCredential } from './credential.ts'
import { PullRequestError } from './pull-request-error.ts'
import { limitedUntil } from './rate-limit.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

const ATTEMPTS = 4
/** Milliseconds before a request is tried again; each later pause is twice as long. */
const FIRST_PAUSE = 500
/** Milliseconds one request may wait for a limit to end; whoever asks for more is told about. */
const LONGEST_WAIT = 60_000
const MOST_REDIRECTS = 3
/** 5000 open pull requests at 100 a page. */
const MOST_PAGES = 50

export type Query = Readonly<Record<string, string>>

/** The API of one service: JSON in, JSON out, every failure a PullRequestError. */
export interface ApiClient {
  readonly name: string
  /** For pauses between questions whose answer takes the service a moment. */
  pause(milliseconds: number): Promise<void>
  /** @param to what it is for, as in "cannot … in owner/name" */
  get(to: string, path: string, query?: Query): Promise<ObjectField>
  /** All items of all pages, found by the Link header, or as `next` says. */
  pages(to: string, path: string, query: Query, next?: NextPage): Promise<readonly ObjectField[]>
  /** @param path below the base of the API, or a whole URL on the same host */
  write(
    method: 'POST' | 'PUT' | 'PATCH',
    to: string,
    path: string,
    body: object,
    query?: Query,
  ): Promise<ObjectField>
  /** A failure with what a service said in an answer whose status is good. */
  failure(status: number, to: string, message: string): PullRequestError
  close(): Promise<void>
}

/** The items of one page, and the query of the next one if there is any. */
export type NextPage = (
  body: ObjectField,
  query: Query,
) => { readonly items: readonly ObjectField[]; readonly next: Query | undefined }

interface Answered {
  readonly headers: ApiAnswer['headers']
  readonly body: ObjectField
}

/**
 * GET is tried again after passing failures; a write only where a rate limit kept it from happening, since
 * a lost answer does not say whether it did. Redirects are followed on the same host alone.
 */
export async function openApiClient(
  label: string,
  place: RepositoryPlace,
  headers: Readonly<Record<string, string>>,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<ApiClient> {
  const base = new URL(place.api)
  const name = `${label} (${place.host})`
  const { header, secrets } = authorizationFor(place, credential)
  const connection = await openConnection(name, base, surroundings)
  const { clock, userAgent } = surroundings
  const fixed = { 'user-agent': userAgent, accept: 'application/json', ...headers, authorization: header }
  const asked = (to: string): Asked => ({ name, repository: place.repository.join('/'), to, secrets })

  async function redirected(request: ApiRequest): Promise<ApiAnswer> {
    let url = request.url
    for (let made = 0; made <= MOST_REDIRECTS; made++) {
      const answer = await connection.send({ ...request, url })
      if (answer.status < 300 || answer.status >= 400) return answer
      // With 301 and 302 clients turn a POST into a GET, with 307 and 308 never (RFC 9110 §15.4).
      const kept = request.method === 'GET' || answer.status === 307 || answer.status === 308
      const location = answer.headers['location'] ?? ''
      if (!kept || !URL.canParse(location, url)) throw moved(name)
      url = new URL(location, url)
      if (url.origin !== base.origin) throw elsewhere(name, url)
    }
    throw moved(name)
  }

  async function patient(request: ApiRequest): Promise<ApiAnswer> {
    for (let attempt = 1; ; attempt++) {
      const again = attempt < ATTEMPTS && request.method === 'GET'
      const answer = await redirected(request).catch((error: unknown) => {
        const passing = error instanceof PullRequestError && error.kind === 'unreachable'
        if (!again || !passing || surroundings.signal?.aborted) throw error
        return undefined
      })
      const now = clock.now()
      const until = answer && limitedUntil(answer, now)
      if (until !== undefined) {
        if (attempt === ATTEMPTS || until - now > LONGEST_WAIT) throw rateLimited(name, until)
        await pause(Math.max(until - now, FIRST_PAUSE))
      } else if (answer !== undefined && !(again && [408, 500, 502, 503, 504].includes(answer.status))) {
        return answer
      } else await pause(FIRST_PAUSE * 2 ** (attempt - 1) * (1 + clock.random() / 4))
    }
  }

  async function pause(milliseconds: number): Promise<void> {
    await clock.sleep(milliseconds, surroundings.signal).catch(() => {
      throw new PullRequestError('unreachable', `${name}: interrupted`)
    })
  }

  async function ask(
    method: ApiRequest['method'],
    to: string,
    path: string,
    query: Query,
    body?: object,
  ): Promise<Answered> {
    const url = new URL(path.startsWith('/') ? `${base.href.replace(/\/+$/, '')}${path}` : path)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    const answer = await patient({
      method,
      url,
      headers: body === undefined ? fixed : { ...fixed, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (answer.status >= 400) throw answerFailure(answer, asked(to))
    const value = answer.text === '' ? {} : parsed(answer.text)
    // Azure DevOps answers a bad token with 203 and a page to sign in at.
    if (answer.status === 203) throw answerFailure({ ...answer, status: 401, text: '' }, asked(to))
    if (value === undefined) throw notJson(name)
    return { headers: answer.headers, body: new ObjectField(`the answer of ${name}`, value) }
  }

  return {
    name,
    pause,
    get: async (to, path, query = {}) => (await ask('GET', to, path, query)).body,
    write: async (method, to, path, body, query = {}) => (await ask(method, to, path, query, body)).body,
    failure: (status, to, message) =>
      answerFailure({ status, headers: {}, text: JSON.stringify({ message }) }, asked(to)),
    async pages(to, path, query, next) {
      const all: ObjectField[] = []
      let at: Query | undefined = query
      for (let page = 0; page < MOST_PAGES && at !== undefined; page++) {
        const { body, headers }: Answered = await ask('GET', to, path, at)
        const found: ReturnType<NextPage> = next?.(body, at) ?? {
          items: body.items(),
          next: linked(headers['link']),
        }
        all.push(...found.items)
        at = found.next
      }
      if (at === undefined) return all
      throw new PullRequestError(
        'too-large',
        `${name}: cannot ${to}: there are more than ${MOST_PAGES} pages`,
      )
    },
    close: () => connection.close(),
  }
}

function linked(header: string | undefined): Query | undefined {
  const query = nextPageQuery(header)
  return query && Object.fromEntries(query)
}

function moved(name: string): PullRequestError {
  return new PullRequestError(
    'not-found',
    `${name}: the repository has moved, and the way there cannot be followed`,
    'Write the repository with the address it has now',
  )
}

function notJson(name: string): PullRequestError {
  return new PullRequestError(
    'malformed',
    `${name} does not answer in JSON`,
    'Check that this service runs at this host, and the address of its API',
  )
}

function rateLimited(name: string, until: number): PullRequestError {
  const retryAt = new Date(until)
  return new PullRequestError(
    'rate-limited',
    `${name} limits requests until ${retryAt.toISOString()}`,
    'Try again then, or use a token with a higher limit',
    retryAt,
  )
}
