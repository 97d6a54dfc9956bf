import { readFile } from 'node:fs/promises'
import { Agent, type Dispatcher, request } from 'undici'
import type { RegistryAddress } from './addresses.ts'

export interface RegistryAnswer {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: Buffer
}

export interface RegistryRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** What a token is asked for: `repository:team/web:pull,push`; of no account elsewhere. */
  readonly scope?: string
}

/** A registry by raw HTTP with its credentials: to prepare and to check, never what is tested. */
export interface RegistryHttp {
  /** @param path `/v2/…`, or a URL that an answer named */
  send(path: string, options?: RegistryRequest): Promise<RegistryAnswer>
  close(): Promise<void>
}

export async function openRegistry(address: RegistryAddress, connections = 8): Promise<RegistryHttp> {
  const ca = address.caFile ? await readFile(address.caFile, 'utf8') : undefined
  const dispatcher = new Agent({ connections, ...(ca !== undefined && { connect: { ca } }) })
  const basic = `Basic ${Buffer.from(`${address.username}:${address.password}`).toString('base64')}`
  const authorizations = new Map<string, string>()

  const sendOnce = async (
    path: string,
    { method = 'GET', headers = {}, body, scope = '' }: RegistryRequest,
  ) => {
    const authorization = authorizations.get(scope)
    const answer = await request(new URL(path, address.url), {
      method,
      dispatcher,
      headers: { ...headers, ...(authorization && { authorization }) },
      body: body ?? null,
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: Buffer.from(await answer.body.arrayBuffer()),
    }
  }
  const authorize = async (challenge: string, scope: string) => {
    if (/^basic/i.test(challenge)) return basic
    const [realm, service] = ['realm', 'service'].map(
      (name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1],
    )
    if (!realm || !service)
      throw new Error(`the registry asks for an authentication unknown here: ${challenge}`)
    const url = new URL(realm)
    url.searchParams.set('service', service)
    if (scope) url.searchParams.set('scope', scope)
    const { body } = await request(url, { dispatcher, headers: { authorization: basic } })
    return `Bearer ${((await body.json()) as { token: string }).token}`
  }
  return {
    async send(path, options = {}) {
      const answer = await sendOnce(path, options)
      const challenge = answer.headers['www-authenticate']
      if (answer.status !== 401 || !address.username || challenge === undefined) return answer
      authorizations.set(options.scope ?? '', await authorize(String(challenge), options.scope ?? ''))
      return sendOnce(path, options)
    },
    close: () => dispatcher.close(),
  }
}
