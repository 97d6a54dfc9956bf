import { createVerify, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { TEST_CERTIFICATE, TEST_KEY } from '../../registry/test-certificate.ts'

/** The App that the server knows; one pair for all tests, since making it takes a while. */
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
/** In the two forms in which private keys are written. */
export const APP_KEY = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
export const APP_KEY_PKCS8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
export const APP_ID = '12345'
export const INSTALLATION = '67890'

export interface GitHubServer {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** `https://127.0.0.1:PORT/api/v3` */
  readonly baseUrl: string
  /** The tokens handed out. */
  readonly tokens: string[]
  /** What was asked, also in vain: method, path. */
  readonly asked: string[]
  /** Answers this instead, when set. */
  answer: { status: number; body: string; headers?: Record<string, string> } | undefined
}

/**
 * The endpoint for installation tokens, as GitHub describes it: it checks the signature of the JWT with the
 * App's public key, and that it is issued in the past and ends within ten minutes. Closed with the test.
 *
 * @param now milliseconds since the epoch
 */
export async function gitHubServer(now: () => number): Promise<GitHubServer> {
  const tokens: string[] = []
  const asked: string[] = []
  const server = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const send = (status: number, body: string, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    if (made.answer) return send(made.answer.status, made.answer.body, made.answer.headers)
    if (request.method !== 'POST' || !request.headers['user-agent']) return send(400, '{}')
    if (!isValid(request.headers.authorization ?? '', now())) {
      return send(401, '{"message":"A JSON web token could not be decoded"}')
    }
    if (request.url !== `/api/v3/app/installations/${INSTALLATION}/access_tokens`) {
      return send(404, '{"message":"Not Found"}')
    }
    tokens.push(`ghs_token${tokens.length + 1}`)
    const end = new Date(now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z')
    return send(201, JSON.stringify({ token: tokens.at(-1), expires_at: end, permissions: {} }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const made: GitHubServer = { host, baseUrl: `https://${host}/api/v3`, tokens, asked, answer: undefined }
  return made
}

function isValid(authorization: string, now: number): boolean {
  const [, header = '', claims = '', signature = ''] =
    /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization) ?? []
  const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`)
  if (!verify.verify(pair.publicKey, signature, 'base64url')) return false
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  const { iat, exp, iss } = read(claims)
  const seconds = now / 1000
  const inTime = typeof iat === 'number' && iat <= seconds && typeof exp === 'number' && exp <= seconds + 600
  return read(header)['alg'] === 'RS256' && iss === APP_ID && inTime && exp > seconds
}
