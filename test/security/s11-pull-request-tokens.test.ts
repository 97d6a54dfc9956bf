import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { chooseProvider } from '../../src/lib/pull-requests/choose-provider.ts'
import { authorizationFor } from '../../src/lib/pull-requests/credential.ts'
import { openPullRequests } from '../../src/lib/pull-requests/open-provider.ts'
import { azureDevops } from '../pull-requests/azure-devops-double.ts'
import { bitbucketDataCenter } from '../pull-requests/bitbucket-data-center-double.ts'
import { bitbucket } from '../pull-requests/bitbucket-double.ts'
import { gitea } from '../pull-requests/gitea-double.ts'
import { github } from '../pull-requests/github-double.ts'
import { gitlab } from '../pull-requests/gitlab-double.ts'
import { failureOf, open, SPEC } from '../pull-requests/opened.ts'
import { TOKEN } from '../pull-requests/service-double.ts'
import { startDouble } from '../pull-requests/start-double.ts'
import { FakeClock } from '../registry/fake-clock.ts'

const SURROUNDINGS = { env: {}, userAgent: 'kubectl-image-updater/test', clock: new FakeClock() }
const SERVICES = [github, gitlab, gitea, bitbucket, bitbucketDataCenter, azureDevops].map(
  (each) => [each.provider, each] as const,
)

describe('S11: a token goes to the host it belongs to', () => {
  it.each([
    ['github.com', 'https://github.com/acme/shop'],
    ['api.github.com', 'https://github.com/acme/shop'],
    ['GHE.example.com', 'https://ghe.example.com/acme/shop'],
    ['bitbucket.org', 'git@bitbucket.org:acme/shop'],
    ['dev.azure.com', 'git@ssh.dev.azure.com:v3/acme/web/shop'],
  ])('%s, for %s', (host, url) => {
    const choice = url.includes('ghe.example') ? 'github' : undefined
    expect(authorizationFor(chooseProvider(url, choice), { host, token: TOKEN }).header).toBeTruthy()
  })

  it.each([
    ['github.com', 'https://github.com.evil.example/acme/shop'],
    ['github.com', 'https://evil.example/github.com/shop'],
    ['github.com', 'https://github.com@evil.example/acme/shop'],
    ['ghe.example.com', 'https://ghe.example.com:8443/acme/shop'],
    ['example.com', 'https://ghe.example.com/acme/shop'],
    ['', 'https://ghe.example.com/acme/shop'],
  ])('of %s not to %s', (host, url) => {
    const place = chooseProvider(url, 'github')
    expect(() => authorizationFor(place, { host, token: TOKEN })).toThrow(/is not sent to/)
  })

  it('an API that was named somewhere needs a token of its own', () => {
    const place = chooseProvider('https://github.com/acme/shop', undefined, 'https://evil.example/api/v3')
    expect(() => authorizationFor(place, { host: 'github.com', token: TOKEN })).toThrow(/not sent to evil/)
    expect(authorizationFor(place, { host: 'evil.example', token: TOKEN }).header).toBe(`Bearer ${TOKEN}`)
  })

  it('a token with a line end is refused, and not shown', () => {
    const place = chooseProvider('https://github.com/acme/shop')
    const header = () => authorizationFor(place, { host: 'github.com', token: `${TOKEN}\r\nx: 1` })
    expect(header).toThrow(/characters that no token has/)
    expect(header).toThrow(/^(?!.*S3CR3T)/)
  })

  it.each([
    ['plain http', 'http://git.example.com/api/v1', /over plain http/],
    ['loopback nobody vouched for', 'https://127.0.0.1/api/v1', /loopback/],
    ['loopback by name', 'https://localhost/api/v1', /loopback/],
    ['a metadata address', 'https://169.254.169.254/api/v1', /link-local/],
    ['the same in another spelling', 'https://0xa9fea9fe/api/v1', /link-local/],
  ])('not to %s', async (_, api, message) => {
    const place = chooseProvider('https://git.example.com/acme/shop', 'gitea', api)
    const error = await failureOf(
      openPullRequests(place, { host: new URL(api).host, token: TOKEN }, SURROUNDINGS),
    )
    expect(error).toMatchObject({ kind: 'refused' })
    expect(error.message).toMatch(message)
  })
})

describe.each(SERVICES)('S11 at %s', (_, service) => {
  it.each([301, 302, 307, 308])('a redirect with %s to another host is not followed', async (status) => {
    const thief = await startDouble(service)
    const { double, provider } = await open(service)
    double.intercept = ({ path }) => ({
      status,
      headers: { location: `http://${thief.host}${path}` },
      body: {},
    })
    const error = await failureOf(provider.findOpen(SPEC))
    expect(error).toMatchObject({ kind: 'refused' })
    expect(error.message).toContain('where the token does not belong')
    expect(thief.requests).toEqual([])
  })

  it('a link to the next page leads nowhere else', async () => {
    const { double, provider } = await open(service)
    for (let number = 0; number < 120; number++) {
      double.state.pulls.push({
        ...{ number: number + 1, open: true, head: `feature-${number}`, base: 'main', title: 't', body: 'b' },
        ...{ labels: [], reviewers: [], draft: false, autoMerge: '', fork: false, comments: [] },
      })
    }
    // The doubles name a host in these links that does not exist.
    expect(await provider.findOpen(SPEC)).toBeUndefined()
    expect(double.requests.length).toBeGreaterThan(1)
  })

  it('no secret is in what goes wrong', async () => {
    const { double, provider } = await open(service)
    for (const status of [400, 401, 403, 404, 409, 422, 500]) {
      const basic = Buffer.from(`:${TOKEN}`).toString('base64')
      const message = `bad header Authorization: Bearer ${TOKEN} or Basic ${basic}\u001b[2J`
      double.intercept = ({ method }) =>
        method === 'GET' ? undefined : { status, body: { message, error: { message } } }
      const error = await failureOf(provider.openOrUpdate(SPEC))
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('S3CR3T')
      expect(error.message).not.toContain(basic)
      expect(error.message).toMatch(/^[^\p{Cc}]+$/u)
      expect(error.cause).toBeUndefined()
    }
  })

  it('an answer without end is given up', async () => {
    const { double, provider } = await open(service)
    double.intercept = () => ({ status: 200, body: 'x'.repeat(17 * 1024 * 1024) })
    expect(await failureOf(provider.findOpen(SPEC))).toMatchObject({ kind: 'too-large' })
  })
})

describe('S11: a repository that was renamed', () => {
  it('is found on the same host, and asked with the same method and body', async () => {
    const { double, provider } = await open(github)
    const moved = '/api/v3/repositories/7/pulls'
    double.intercept = ({ path, query }) =>
      path === '/api/v3/repos/acme/shop/pulls'
        ? { status: 307, headers: { location: `http://${double.host}${moved}?${query}` }, body: {} }
        : { status: 200, body: [] }
    expect(await provider.findOpen(SPEC)).toBeUndefined()
    await failureOf(provider.openOrUpdate(SPEC))
    expect(double.requests.filter(({ path }) => path === moved).map(({ method }) => method)).toEqual([
      'GET',
      'GET',
      'POST',
    ])
    expect(double.requests.at(-1)?.body).toMatchObject({ head: SPEC.head })
  })

  it('is not written to by a redirect that turns POST into GET', async () => {
    const { double, provider } = await open(github)
    double.intercept = ({ method, path }) =>
      method === 'GET' ? undefined : { status: 301, headers: { location: path }, body: {} }
    const error = await failureOf(provider.openOrUpdate(SPEC))
    expect(error.message).toContain('the repository has moved')
    expect(double.writes()).toHaveLength(1)
  })

  it('that leads in circles is given up', async () => {
    const { double, provider } = await open(github)
    double.intercept = ({ path }) => ({ status: 307, headers: { location: path }, body: {} })
    expect(await failureOf(provider.findOpen(SPEC))).toMatchObject({ kind: 'not-found' })
    expect(double.requests).toHaveLength(4)
  })
})
