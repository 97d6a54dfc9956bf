import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { proxyFromEnvironment } from '../../cluster/proxy-environment.ts'
import { connectionErrorCode, isCertificateError } from '../../connection-error.ts'

/** An installation token. Times in milliseconds since the epoch. */
export interface InstallationToken {
  readonly value: string
  readonly expiresAt: number
}

/** How the API is reached and verified. */
export interface TokenRoute {
  /** PEM with the certificate authorities to trust; absent: the usual ones. */
  readonly ca?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
  /** '' as the environment says. */
  readonly proxy: string
}

interface TokenRequest extends TokenRoute {
  readonly url: URL
  readonly jwt: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
}

/** Why there is no token: the end of a sentence that begins with the host. */
interface NoToken {
  readonly trouble: string
  readonly remedy: string
}

/** Milliseconds until a connection or an answer is given up. */
const TIMEOUT = 15_000
/** Bytes of an answer; GitHub's list every permission, and stay far below. */
const LARGEST_ANSWER = 256 * 1024

/** Asks for an installation token. Redirects are not followed: they could lead the token elsewhere. */
export async function requestToken(wanted: TokenRequest): Promise<InstallationToken | NoToken> {
  const dispatcher = await openDispatcher(wanted)
  try {
    const answer = await request(wanted.url, {
      dispatcher,
      method: 'POST',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${wanted.jwt}`,
        'user-agent': wanted.userAgent,
        'x-github-api-version': '2022-11-28',
      },
      signal: AbortSignal.timeout(2 * TIMEOUT),
    })
    if (answer.statusCode !== 201) return refusal(answer.statusCode)
    return readToken(await readBounded(answer.body))
  } catch (error) {
    return {
      trouble: `cannot be reached (${connectionErrorCode(error)})`,
      remedy: reachRemedy(connectionErrorCode(error)),
    }
  } finally {
    await dispatcher.destroy()
  }
}

async function openDispatcher({
  url,
  env,
  ca,
  clientCertificate,
  clientKey,
  proxy,
}: TokenRequest): Promise<Dispatcher> {
  const tls = {
    timeout: TIMEOUT,
    ...(ca !== undefined && { ca }),
    ...(clientCertificate !== undefined && { cert: clientCertificate, key: clientKey }),
  }
  const pool = { headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT, connections: 1 }
  const way = proxy || proxyFromEnvironment(url.href, env)
  if (way === '') return new Agent({ ...pool, connect: tls })
  if (way.startsWith('socks5:')) {
    const { socksConnector } = await import('../../cluster/socks-connector.ts')
    return new Agent({ ...pool, connect: socksConnector(new URL(way), tls, TIMEOUT) })
  }
  return new ProxyAgent({ ...pool, uri: way, requestTls: tls })
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > LARGEST_ANSWER) return ''
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function readToken(body: string): InstallationToken | NoToken {
  const unusable = { trouble: 'sent no usable token', remedy: 'Check githubAppEnterpriseBaseUrl' }
  try {
    const { token, expires_at: end } = JSON.parse(body) as Record<string, unknown>
    const expiresAt = typeof end === 'string' ? Date.parse(end) : Number.NaN
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token) || Number.isNaN(expiresAt)) return unusable
    return { value: token, expiresAt }
  } catch {
    return unusable
  }
}

function refusal(status: number): NoToken {
  switch (status) {
    case 401:
      return {
        trouble: 'does not accept its key (401)',
        remedy: 'Check githubAppID, the key, and the clock of this machine',
      }
    case 403:
      return {
        trouble: 'refuses it (403)',
        remedy: 'The installation may be suspended, or its rate limit used up',
      }
    case 404:
      return {
        trouble: 'knows no such installation (404)',
        remedy: 'Check githubAppInstallationID; the App may have been uninstalled',
      }
    default:
      return { trouble: `answered ${status}`, remedy: status >= 500 ? 'Try again later' : '' }
  }
}

function reachRemedy(code: string): string {
  return isCertificateError(code)
    ? 'Its certificate is not trusted: add the certificate authority to ConfigMap argocd-tls-certs-cm'
    : 'Check the network and HTTPS_PROXY'
}

/** Only what kind of failure it was: messages of others may quote a proxy's password. */
