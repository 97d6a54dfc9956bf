import { createPrivateKey, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KeyPair } from './certificates.ts'

export const TOKEN_SERVICE = 'testbed-registry'
export const TOKEN_ISSUER = 'testbed-tokens'

const LIFETIME_SECONDS = 300

/**
 * The authorization service of Distribution's token authentication: `GET /token?service=…&scope=…`. The user
 * gets what is asked for, an anonymous client `pull` only, a wrong password 401.
 */
export async function startTokenServer(
  signing: KeyPair,
  user: { readonly username: string; readonly password: string },
): Promise<{ realm: string; stop(): Promise<void> }> {
  const key = createPrivateKey(await readFile(signing.keyFile))
  const certificate = (await readFile(signing.certificateFile, 'utf8')).replace(/-----[^-]+-----|\s/g, '')
  const expected = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const { authorization } = request.headers
    response.setHeader('content-type', 'application/json')
    if (url.pathname !== '/token') {
      response.writeHead(404).end('{}')
    } else if (authorization !== undefined && authorization !== expected) {
      response
        .writeHead(401)
        .end('{"errors":[{"code":"UNAUTHORIZED","message":"wrong user name or password"}]}')
    } else {
      const claims = tokenClaims(url.searchParams, authorization === undefined ? '' : user.username)
      response.end(JSON.stringify({ token: jsonWebToken(claims), expires_in: LIFETIME_SECONDS }))
    }
  })
  const jsonWebToken = (claims: object) => {
    const header = { typ: 'JWT', alg: 'ES256', x5c: [certificate] }
    const content = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' })
    return `${content}.${signature.toString('base64url')}`
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function tokenClaims(query: URLSearchParams, subject: string): object {
  const now = Math.floor(Date.now() / 1000)
  const access = query
    .getAll('scope')
    .flatMap((scopes) => scopes.split(' '))
    .map((scope) => /^([^:]+):(.+):([^:]*)$/.exec(scope))
    .filter((match) => match !== null)
    .map(([, type, name, actions = '']) => ({
      type,
      name,
      actions: actions.split(',').filter((action) => subject !== '' || action === 'pull'),
    }))
  return {
    iss: TOKEN_ISSUER,
    sub: subject,
    aud: query.get('service') ?? '',
    exp: now + LIFETIME_SECONDS,
    nbf: now - 10,
    iat: now,
    jti: randomUUID(),
    access,
  }
}
