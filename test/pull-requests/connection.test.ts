import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chooseProvider } from '../../src/lib/pull-requests/choose-provider.ts'
import { openPullRequests } from '../../src/lib/pull-requests/open-provider.ts'
import type { PullRequestProvider } from '../../src/lib/pull-requests/pull-request.ts'
import type { PullRequestSurroundings } from '../../src/lib/pull-requests/surroundings.ts'
import { selfSignedCertificate } from '../../src/lib/sandbox/certificate.ts'
import { FakeClock } from '../registry/fake-clock.ts'
import { failureOf, SPEC } from './opened.ts'
import { TOKEN } from './service-double.ts'

async function asking(url: string, change: Partial<PullRequestSurroundings>): Promise<PullRequestProvider> {
  const { host } = new URL(url)
  const provider = await openPullRequests(
    chooseProvider(url, 'gitea'),
    { host, token: TOKEN },
    {
      env: {},
      userAgent: 'kubectl-image-updater/test',
      clock: new FakeClock(),
      vouchedHosts: [host],
      ...change,
    },
  )
  onTestFinished(() => provider.close())
  return provider
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('certificates', () => {
  const { certificate, key } = selfSignedCertificate()
  const server = () =>
    createTlsServer({ cert: certificate, key }, (_, response) =>
      response.setHeader('connection', 'close').end('[]'),
    )

  it('of an authority that is given are trusted', async () => {
    const host = await listening(server())
    const provider = await asking(`https://${host}/acme/shop`, { certificateAuthority: certificate })
    expect(await provider.findOpen(SPEC)).toBeUndefined()
  })

  it('of others are not, and this is told at once', async () => {
    const host = await listening(server())
    const clock = new FakeClock()
    const provider = await asking(`https://${host}/acme/shop`, { clock })
    const error = await failureOf(provider.findOpen(SPEC))
    expect(error).toMatchObject({ kind: 'refused' })
    expect(error.message).toBe(
      `Gitea (${host}) has a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    )
    expect(clock.slept).toEqual([])
  })
})

describe('a proxy of the environment', () => {
  it('sees the host and no token', async () => {
    const seen: string[] = []
    const host = await listening(
      createServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', (data) => {
          seen.push(data.toString('utf8'))
          socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
        })
      }),
    )
    const provider = await asking('https://git.example.com/acme/shop', {
      env: { HTTPS_PROXY: `http://${host}` },
    })
    const error = await failureOf(provider.findOpen(SPEC))
    expect(error).toMatchObject({ kind: 'unreachable' })
    expect(seen[0]).toMatch(/^CONNECT git\.example\.com:443 HTTP\/1\.1\r\n/)
    expect(seen.join()).not.toContain(TOKEN)
  })

  it('that is no URL is told about', async () => {
    const opening = asking('https://git.example.com/acme/shop', { env: { HTTPS_PROXY: 'http://[' } })
    expect((await failureOf(opening)).message).toContain('the proxy that HTTPS_PROXY names is not a URL')
  })
})

describe('a service that does not answer', () => {
  it('is given up after the limit, each time', async () => {
    const clock = new FakeClock()
    const host = await listening(createServer((socket) => socket.on('error', () => undefined)))
    const provider = await asking(`http://${host}/acme/shop`, { requestLimit: 20, clock })
    const error = await failureOf(provider.findOpen(SPEC))
    expect(error.message).toBe(`Gitea (${host}) did not answer in time`)
    expect(clock.slept).toHaveLength(3)
  })

  it('is left when the signal says so', async () => {
    const stop = new AbortController()
    const host = await listening(
      createServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => stop.abort())
      }),
    )
    const provider = await asking(`http://${host}/acme/shop`, { signal: stop.signal })
    const error = await failureOf(provider.findOpen(SPEC))
    expect(error.message).toBe(`Gitea (${host}): interrupted`)
  })

  it('or is not there', async () => {
    const server = createServer()
    const host = await listening(server)
    await new Promise((resolve) => server.close(resolve))
    const provider = await asking(`http://${host}/acme/shop`, {})
    const error = await failureOf(provider.findOpen(SPEC))
    expect(error.message).toBe(`Gitea (${host}) cannot be reached (ECONNREFUSED)`)
  })

  it('or is something else', async () => {
    const host = await listening(
      createServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>'))
      }),
    )
    const provider = await asking(`http://${host}/acme/shop`, {})
    const error = await failureOf(provider.findOpen(SPEC))
    expect(error).toMatchObject({ kind: 'malformed', message: `Gitea (${host}) does not answer in JSON` })
  })
})
