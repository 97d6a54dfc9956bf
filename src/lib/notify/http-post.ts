import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { proxyFromEnvironment } from '../cluster/proxy-environment.ts'
import { connectionErrorCode, isCertificateError } from '../connection-error.ts'
import { retryAfter } from '../registry/retry-after.ts'
import type { Address } from './address.ts'
import { NotifyError } from './notify-error.ts'
import { type NotifySurroundings, USUAL_LIMITS } from './surroundings.ts'

const ATTEMPTS = 4
/** Milliseconds before the second attempt; each later pause is twice as long. */
const FIRST_PAUSE = 1000
/** However long Retry-After says: what waits behind would be old news. */
const LONGEST_PAUSE = 60_000
/** Bytes of an answer that are read, and ignored, so that the connection can be used again. */
const LARGEST_ANSWER = 64 * 1024

/** A kept connection to one webhook. */
export interface Poster {
  /**
   * Posts JSON. 429, 5xx and failures of the network are tried again a few times; no redirect is followed.
   *
   * @throws NotifyError when it was not taken, or when `signal` aborts.
   */
  post(body: string, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** What went wrong with one attempt. */
interface Trouble {
  readonly text: string
  readonly remedy?: string
  /** Whether another attempt may help. */
  readonly passing: boolean
  /** Milliseconds since the epoch. */
  readonly notBefore?: number | undefined
}

/** @param headers besides the content type; already checked */
export async function openPoster(
  { url, name }: Address,
  headers: Readonly<Record<string, string>>,
  surroundings: NotifySurroundings,
): Promise<Poster> {
  const { clock, limits } = surroundings
  const limit = limits?.request ?? USUAL_LIMITS.request
  const dispatcher = await openDispatcher(url, surroundings.env)

  async function attempt(body: string, signal: AbortSignal): Promise<Trouble | undefined> {
    try {
      const answer = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { 'user-agent': surroundings.userAgent, ...headers, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(limit)]),
      })
      const again = retryAfter(asText(answer.headers), clock.now())
      // The status is the answer; a body that breaks off changes nothing about it.
      await answer.body.dump({ limit: LARGEST_ANSWER }).catch(ignore)
      return troubleOfStatus(answer.statusCode, again)
    } catch (error) {
      return troubleOfError(error)
    }
  }

  return {
    async post(body, signal) {
      for (let made = 1; ; made++) {
        const trouble = await attempt(body, signal)
        if (trouble === undefined) return
        if (!trouble.passing || made === ATTEMPTS || signal.aborted) {
          const often = made > 1 ? ` (${made} attempts)` : ''
          throw new NotifyError(`${name} ${trouble.text}${often}`, trouble.remedy)
        }
        const usual = FIRST_PAUSE * 2 ** (made - 1) * (1 + clock.random() / 4)
        const asked = trouble.notBefore === undefined ? 0 : trouble.notBefore - clock.now()
        await clock.sleep(Math.min(Math.max(usual, asked), LONGEST_PAUSE), signal).catch(ignore)
      }
    },
    close: () => dispatcher.destroy(),
  }
}

async function openDispatcher(url: URL, env: NotifySurroundings['env']): Promise<Dispatcher> {
  const proxy = proxyFromEnvironment(url.href, env)
  if (proxy === '') return new Agent({ connections: 1 })
  if (!URL.canParse(proxy)) throw new NotifyError('--notify: the proxy that HTTPS_PROXY names is not a URL')
  if (proxy.startsWith('socks5:')) {
    const { socksConnector } = await import('../cluster/socks-connector.ts')
    return new Agent({ connections: 1, connect: socksConnector(new URL(proxy), {}, USUAL_LIMITS.request) })
  }
  return new ProxyAgent({ uri: proxy, connections: 1 })
}

function troubleOfStatus(status: number, notBefore: number | undefined): Trouble | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) {
    return {
      text: `answered ${status}: a redirect, which is not followed`,
      remedy: 'Name the address it leads to',
      passing: false,
    }
  }
  const passing = status === 408 || status === 429 || status >= 500
  const refused = status === 401 || status === 403 || status === 404 || status === 410
  return {
    text: `answered ${status}`,
    ...(refused && { remedy: 'Check its URL and credential; a webhook that was revoked answers so' }),
    passing,
    notBefore,
  }
}

/** Says only what kind of failure it was: the messages of others may quote the URL. */
function troubleOfError(error: unknown): Trouble {
  const code = connectionErrorCode(error)
  if (code === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) {
    return { text: 'did not answer in time', passing: true }
  }
  if (code === 'AbortError') return { text: 'was interrupted', passing: false }
  if (code === 'HTTPParserError') return { text: 'does not answer in HTTP', passing: true }
  if (code === 'ENOTFOUND') return { text: 'does not resolve (ENOTFOUND)', passing: true }
  if (/^ERR_SSL_|^EPROTO$/.test(code)) {
    return { text: `finds no TLS in common with this machine (${code})`, passing: false }
  }
  if (isCertificateError(code)) {
    return {
      text: `has a certificate that is not trusted (${code})`,
      remedy: 'Name the PEM file of a private certificate authority in NODE_EXTRA_CA_CERTS',
      passing: false,
    }
  }
  return { text: `cannot be reached (${code})`, passing: true }
}

function asText(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]))
}

function ignore(): void {}
