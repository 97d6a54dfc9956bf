import { readdir, readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { fixture, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'
import { temporaryFolder } from './temporary-folder.ts'

const found = { kind: 'Pod', metadata: { name: 'p' } }
const pod = { group: '', version: 'v1', resource: 'pods', namespace: 'a', name: 'p' }
const seconds = () => Math.floor(Date.now() / 1000)
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (claims: object) => `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`

it('an expired id-token is renewed, and the new tokens are kept for kubectl, comments and all', async () => {
  let renewed = ''
  const server = await testApiServer(
    ({ url, headers, body }) => {
      const issuer = `https://${headers.host}`
      if (url.pathname === '/.well-known/openid-configuration') {
        return { issuer, token_endpoint: `${issuer}/token`, authorization_endpoint: issuer, jwks_uri: issuer }
      }
      if (url.pathname !== '/token') return found
      expect(new URLSearchParams(body).get('refresh_token')).toBe('refresh-1')
      renewed = token({ iss: issuer, aud: 'client', sub: 'jane', iat: seconds(), exp: seconds() + 600 })
      return {
        access_token: 'x',
        token_type: 'bearer',
        id_token: renewed,
        refresh_token: 'refresh-2',
        expires_in: 600,
      }
    },
    { tls: true },
  )
  const authority = fixture('authority.pem')
  const folder = await temporaryFolder({
    config: `# mine
current-context: x
clusters: [{name: c, cluster: {server: "${server.url}", certificate-authority: "${authority}"}}]
contexts: [{name: x, context: {cluster: c, user: jane}}]
users:
- name: jane # that is me
  user:
    auth-provider:
      name: oidc
      config:
        idp-issuer-url: ${server.url}
        idp-certificate-authority: ${authority}
        client-id: client
        client-secret: secret
        id-token: ${token({ exp: 1 })}
        refresh-token: refresh-1
`,
  })
  const kubeconfig = `${folder}/config`
  const client = await openTestCluster({ kubeconfig })
  await client.get(pod)
  await client.get(pod)
  expect(server.requests.map(({ url }) => url.pathname)).toEqual([
    '/.well-known/openid-configuration',
    '/token',
    '/api/v1/namespaces/a/pods/p',
    '/api/v1/namespaces/a/pods/p',
  ])
  expect(server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${renewed}`)
  const written = await readFile(kubeconfig, 'utf8')
  expect(written).toContain(`id-token: ${renewed}`)
  expect(written).toContain('refresh-token: refresh-2')
  expect(written).toContain('- name: jane # that is me')
  expect(await readdir(folder)).toEqual(['config'])
})

it('without a way to renew it, an expired id-token is an error that says what to do', async () => {
  const config = {
    'current-context': 'x',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'jane' } }],
    users: [
      {
        name: 'jane',
        user: { 'auth-provider': { name: 'oidc', config: { 'id-token': token({ exp: 1 }) } } },
      },
    ],
  }
  const folder = await temporaryFolder({ config: JSON.stringify(config) })
  const client = await openTestCluster({ kubeconfig: `${folder}/config` })
  await expect(client.get(pod)).rejects.toMatchObject({
    message: expect.stringContaining('no token that is valid or can be renewed'),
    remedy: expect.stringContaining('Log in again'),
  })
})
