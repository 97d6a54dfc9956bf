import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { readFileSync } from 'node:fs'
import { getCACertificates } from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici'
import { classifyAddress, type HostRules, namesHost } from './host-policy.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'

/** One HTTP request as every layer sees it. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: URL
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Bytes the body of a good answer may have. */
  readonly bodyLimit: number
  readonly subject: RequestSubject
}

/** An answer whose body is still on the wire. */
export interface StreamedResponse {
  readonly status: number
  /** Names in lower case; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
  /** Give up the rest of the body. */
  discard(): void
}

/** Sends exactly one request: no redirect, no retry, no credential. */
export interface Transport {
  send(request: HttpRequest, signal: AbortSignal): Promise<StreamedResponse>
  close(): Promise<void>
}

/** Milliseconds. */
export interface TransportTimeouts {
  readonly connect: number
  /** Until the first byte of the answer. */
  readonly headers: number
  /** Between two pieces of the body. */
  readonly body: number
}

/** How the certificate of a host is verified. */
export interface HostTls {
  /** `host` or `host:port` */
  readonly host: string
  /** Not at all. */
  readonly insecure?: boolean
  /** PEM file and PEM text with certificate authorities besides the usual ones. */
  readonly caFile?: string
  readonly caData?: string
}

export interface TransportOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  readonly rules: HostRules
  readonly timeouts: TransportTimeouts
  /** Hosts whose certificates are verified in a way of their own; the first that names a host counts. */
  readonly tls: readonly HostTls[]
  /** Told of every request, by host. */
  readonly onRequest: (host: string) => void
  /** Told the headers of every answer, by host. */
  readonly onAnswer?: (host: string, headers: Readonly<Record<string, string>>) => void
  /** Told the HTTP status of every request's answer, by host; 0 where none came. */
  readonly onResult?: ((host: string, status: number) => void) | undefined
  /** Name resolution; the system's by default. */
  readonly resolve?: typeof lookup
}

/** HTTP over undici: kept connections, HTTPS_PROXY/NO_PROXY, own certificate authorities, address checks at connect time. */
export function openTransport(options: TransportOptions): Transport {
  const shared = openAgent(options)
  const ownWays = new Map<HostTls, Dispatcher>()
  const agentFor = (url: URL, subject: RequestSubject): Dispatcher => {
    const way = options.tls.find(({ host }) => namesHost([host], url))
    if (way === undefined) return shared
    const known = ownWays.get(way)
    if (known) return known
    const agent = openAgent(options, verification(way, subject))
    ownWays.set(way, agent)
    return agent
  }
  return {
    async send(request, signal) {
      const { host } = request.url
      options.onRequest(host)
      const sending = send(request.url, {
        dispatcher: agentFor(request.url, request.subject),
        method: request.method,
        headers: { 'user-agent': options.userAgent, ...request.headers },
        body: request.body ?? null,
        // undici closes the connection after each HEAD unless told otherwise: a handshake for every tag.
        reset: false,
        headersTimeout: options.timeouts.headers,
        bodyTimeout: options.timeouts.body,
        signal,
      })
      sending.catch(() => options.onResult?.(host, 0))
      const answer = await sending
      options.onResult?.(host, answer.statusCode)
      const headers = joinRepeated(answer.headers)
      options.onAnswer?.(host, headers)
      return {
        status: answer.statusCode,
        headers,
        body: answer.body,
        discard: () => answer.body.on('error', ignore).destroy(),
      }
    },
    async close() {
      await Promise.all([shared, ...ownWays.values()].map((agent) => agent.destroy()))
    },
  }
}

function openAgent(options: TransportOptions, tls: Verification = {}): Dispatcher {
  const { env } = options
  return new EnvHttpProxyAgent({
    httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'] ?? '',
    httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '',
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
    allowH2: true,
    maxHeaderSize: 64 * 1024,
    connect: {
      ...tls,
      timeout: options.timeouts.connect,
      lookup: checkedLookup(options.rules, options.resolve ?? lookup),
    },
    requestTls: tls,
  })
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

export const ADDRESS_REFUSED = 'ADDRESS_REFUSED'

/**
 * Name resolution that refuses, at the moment of connecting, names that point to link-local addresses, or
 * to loopback where the operator did not allow it: the check on the written host cannot see those.
 */
function checkedLookup(rules: HostRules, resolve: typeof lookup) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    resolve(hostname, options, (error, address, family) => {
      if (error) return callback(error, address, family)
      const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address]
      const refused = addresses.find((each) => !mayConnect(hostname, each, rules))
      if (refused === undefined) return callback(null, address, family)
      const refusal: NodeJS.ErrnoException = new Error(`${hostname} resolves to ${refused}`)
      refusal.code = ADDRESS_REFUSED
      callback(refusal, address, family)
    })
  }
}

/** Whether a connection to a name that resolved to `address` is allowed. Any allowed port of the name will do. */
export function mayConnect(hostname: string, address: string, rules: HostRules): boolean {
  const kind = classifyAddress(address)
  if (kind === 'link-local') return false
  if (kind !== 'loopback') return true
  return [...rules.allowedHosts, ...rules.plainHttpHosts].some(
    (entry) => entry.toLowerCase().replace(/:[0-9]+$/, '') === hostname.toLowerCase(),
  )
}

interface Verification {
  readonly ca?: string[]
  readonly rejectUnauthorized?: boolean
}

function verification({ insecure, caFile, caData }: HostTls, subject: RequestSubject): Verification {
  const own = [caFile ? readAuthority(caFile, subject) : '', caData ?? ''].filter((pem) => pem !== '')
  return {
    ...(own.length > 0 && { ca: [...getCACertificates('default'), ...own] }),
    ...(insecure && { rejectUnauthorized: false }),
  }
}

function readAuthority(file: string, subject: RequestSubject): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new RegistryError('tls', subject, `the certificate authority file ${file} cannot be read`, {
      cause,
    })
  }
}

function joinRepeated(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return joined
}

function ignore(): void {}
