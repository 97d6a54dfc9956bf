import { isIP } from 'node:net'
import { getCACertificates } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { proxyFromEnvironment } from '../cluster/proxy-environment.ts'
import { connectionErrorCode, isCertificateError } from '../connection-error.ts'
import { bareHost, classifyAddress, namesHost } from '../registry/host-policy.ts'
import { PullRequestError } from './pull-request-error.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

/** Milliseconds from the connection to the end of the answer. */
const USUAL_LIMIT = 30_000
/** 100 pull requests with the longest bodies GitHub and GitLab let anybody write, and then some. */
const LARGEST_ANSWER = 16 * 1024 * 1024

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface ApiAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Sends single requests to one host: no redirect, no retry. */
export interface Connection {
  /** @throws PullRequestError of kind `unreachable` or `too-large` */
  send(request: ApiRequest): Promise<ApiAnswer>
  close(): Promise<void>
}

/**
 * @param name of the service, for messages
 * @throws PullRequestError of kind `refused` for plain http, and for addresses where no such service is
 */
export async function openConnection(
  name: string,
  api: URL,
  surroundings: PullRequestSurroundings,
): Promise<Connection> {
  checkAddress(name, api, surroundings.vouchedHosts ?? [])
  const dispatcher = await openDispatcher(name, api, surroundings)
  const limit = surroundings.requestLimit ?? USUAL_LIMIT
  const stops = surroundings.signal === undefined ? [] : [surroundings.signal]
  return {
    async send({ method, url, headers, body }) {
      // A token is in the headers, so this is checked where nothing comes after.
      if (url.origin !== api.origin) throw elsewhere(name, url)
      try {
        const answer = await request(url, {
          dispatcher,
          method,
          headers,
          body: body ?? null,
          signal: AbortSignal.any([...stops, AbortSignal.timeout(limit)]),
        })
        return {
          status: answer.statusCode,
          headers: asText(answer.headers),
          text: await readText(name, answer.body),
        }
      } catch (error) {
        throw error instanceof PullRequestError ? error : failureOf(name, error)
      }
    },
    close: () => dispatcher.destroy(),
  }
}

export function elsewhere(name: string, url: URL): PullRequestError {
  return new PullRequestError(
    'refused',
    `${name} leads to ${url.protocol}//${url.host}, where the token does not belong`,
    'Write the repository with the address it has now',
  )
}

function checkAddress(name: string, api: URL, vouched: readonly string[]): void {
  const host = bareHost(api)
  const place = isIP(host) === 0 ? nameClass(host) : classifyAddress(host)
  const trusted = place === 'loopback' && namesHost(vouched, api)
  if (place === 'link-local' || (place === 'loopback' && !trusted)) {
    throw new PullRequestError(
      'refused',
      `${name} has a ${place} address`,
      'Name the service by its real host',
    )
  }
  if (api.protocol !== 'https:' && !trusted) {
    throw new PullRequestError('refused', `a token would be sent to ${name} over plain http`, 'Use https://')
  }
}

function nameClass(host: string): 'loopback' | 'public' {
  return host === 'localhost' || host.endsWith('.localhost') ? 'loopback' : 'public'
}

async function openDispatcher(
  name: string,
  api: URL,
  { env, certificateAuthority }: PullRequestSurroundings,
): Promise<Dispatcher> {
  const tls =
    certificateAuthority === undefined ? {} : { ca: [...getCACertificates('default'), certificateAuthority] }
  const proxy = proxyFromEnvironment(api.href, env)
  if (proxy === '') return new Agent({ connections: 4, connect: tls })
  if (!URL.canParse(proxy)) {
    throw new PullRequestError('unreachable', `${name}: the proxy that HTTPS_PROXY names is not a URL`)
  }
  if (proxy.startsWith('socks5:')) {
    const { socksConnector } = await import('../cluster/socks-connector.ts')
    return new Agent({ connections: 4, connect: socksConnector(new URL(proxy), tls, USUAL_LIMIT) })
  }
  return new ProxyAgent({ uri: proxy, connections: 4, requestTls: tls })
}

async function readText(name: string, body: Dispatcher.ResponseData['body']): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    size += piece.byteLength
    if (size > LARGEST_ANSWER) {
      throw new PullRequestError('too-large', `${name}: the answer is larger than 16 MiB`)
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Says only what kind of failure it was: the messages of others may quote what was sent. */
function failureOf(name: string, error: unknown): PullRequestError {
  const code = connectionErrorCode(error)
  if (/TIMEOUT|TimeoutError/.test(code)) {
    return new PullRequestError('unreachable', `${name} did not answer in time`)
  }
  if (code === 'AbortError') return new PullRequestError('unreachable', `${name}: interrupted`)
  if (isCertificateError(code)) {
    return new PullRequestError(
      'refused',
      `${name} has a certificate that is not trusted (${code})`,
      'Name the PEM file of a private certificate authority in NODE_EXTRA_CA_CERTS',
    )
  }
  return new PullRequestError('unreachable', `${name} cannot be reached (${code})`)
}

function asText(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([header, value]) => [
      header.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
