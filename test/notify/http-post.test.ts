import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readAddress } from '../../src/lib/notify/address.ts'
import { parseDestinationFlag } from '../../src/lib/notify/destination-flag.ts'
import { openPoster } from '../../src/lib/notify/http-post.ts'
import { selfSignedCertificate } from '../../src/lib/sandbox/certificate.ts'
import { QuickClock, surroundingsOf } from './surroundings.ts'
import { type Answer, webhookServer } from './webhook-server.ts'

const never = new AbortController().signal

async function posting(url: string, change: Parameters<typeof surroundingsOf>[0] = {}) {
  const clock = new QuickClock()
  const address = readAddress(`${url}/hook/S3CRET`, parseDestinationFlag('webhook:url-env=U'))
  const poster = await openPoster(
    address,
    { authorization: 'Bearer S3CRET' },
    surroundingsOf({ clock, ...change }),
  )
  onTestFinished(() => poster.close())
  return { clock, poster }
}

async function failureOf(answers: readonly Answer[], change: Parameters<typeof surroundingsOf>[0] = {}) {
  const server = await webhookServer(...answers)
  const { clock, poster } = await posting(server.url, change)
  const error = await poster.post('{}', never).then(
    () => undefined,
    (reason: Error) => reason,
  )
  const message = error?.message.replace(server.host, 'HOST') ?? ''
  return { message, requests: server.received.length, slept: clock.slept }
}

describe('a message is posted', () => {
  it('as JSON with the headers of the operator', async () => {
    const server = await webhookServer({ status: 204 })
    const { poster } = await posting(server.url)
    await poster.post('{"a":1}', never)
    await poster.post('{"a":2}', never)
    expect(server.received.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":2}'])
    expect(server.received[0]).toMatchObject({
      path: '/hook/S3CRET',
      headers: {
        authorization: 'Bearer S3CRET',
        'content-type': 'application/json',
        'user-agent': 'kubectl-image-updater/test',
      },
    })
  })

  it.each<[string, readonly Answer[], readonly number[]]>([
    ['500', [{ status: 500 }, { status: 200 }], [1000]],
    [
      '503 again and again',
      [{ status: 503 }, { status: 503 }, { status: 502 }, { status: 200 }],
      [1000, 2000, 4000],
    ],
    ['a limit that says when', [{ status: 429, headers: { 'retry-after': '7' } }, { status: 200 }], [7000]],
    ['a limit of an hour', [{ status: 429, headers: { 'retry-after': '3600' } }, { status: 200 }], [60_000]],
    ['a connection that breaks', [(response) => response.socket?.destroy(), { status: 200 }], [1000]],
  ])('again after %s', async (_name, answers, pauses) => {
    const { message, requests, slept } = await failureOf(answers)
    expect({ message, requests, slept }).toEqual({ message: '', requests: answers.length, slept: pauses })
  })

  it('and taken even if the rest of the answer never comes', async () => {
    const hang: Answer = (response) => response.writeHead(200, { 'content-length': '10' }).write('o')
    expect(await failureOf([hang], { limits: { request: 100 } })).toMatchObject({ message: '', requests: 1 })
  })
})

describe('a message is not taken', () => {
  const redirect = (location: string): Answer => ({ status: 307, headers: { location } })

  it.each<[string, readonly Answer[], string, number]>([
    ['always 500', [{ status: 500 }], 'webhook (HOST) answered 500 (4 attempts)', 4],
    ['404', [{ status: 404 }], 'webhook (HOST) answered 404', 1],
    [
      'a reset each time',
      [(response) => response.socket?.destroy()],
      'webhook (HOST) cannot be reached (UND_ERR_SOCKET) (4 attempts)',
      4,
    ],
    [
      'no HTTP',
      [(response) => response.socket?.end('nonsense\r\n\r\n')],
      'webhook (HOST) does not answer in HTTP (4 attempts)',
      4,
    ],
  ])('%s', async (_name, answers, expected, attempts) => {
    expect(await failureOf(answers)).toMatchObject({ message: expected, requests: attempts })
  })

  it('when nothing answers in time', async () => {
    const { message } = await failureOf([() => undefined], { limits: { request: 50 } })
    expect(message).toBe('webhook (HOST) did not answer in time (4 attempts)')
  })

  it('when it is sent on elsewhere: no other host sees message or credential', async () => {
    const elsewhere = await webhookServer({ status: 200 })
    const { message, requests } = await failureOf([redirect(`${elsewhere.url}/S3CRET`)])
    expect(message).toBe('webhook (HOST) answered 307: a redirect, which is not followed')
    expect(requests).toBe(1)
    expect(elsewhere.received).toEqual([])
  })

  it('when nobody listens, and the error tells nothing of the URL but its host', async () => {
    const { poster } = await posting('http://127.0.0.1:1')
    const error: unknown = await poster.post('{}', never).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ message: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/) })
    expect(String(error instanceof Error ? error.stack : '')).not.toContain('S3CRET')
    expect(error).not.toHaveProperty('cause')
  })

  it('when nobody vouches for the certificate', async () => {
    const { certificate, key } = selfSignedCertificate()
    const server = createTlsServer({ cert: certificate, key })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const { clock, poster } = await posting(`https://${host}`)
    await expect(poster.post('{}', never)).rejects.toThrow(
      `webhook (${host}) has a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    )
    expect(clock.slept).toEqual([])
  })

  it('when the other side speaks no TLS', async () => {
    const server = await webhookServer({ status: 200 })
    const { poster } = await posting(server.url.replace('http:', 'https:'))
    await expect(poster.post('{}', never)).rejects.toThrow(
      `webhook (${server.host}) finds no TLS in common with this machine (ERR_SSL_`,
    )
  })

  it('when it is told to stop', async () => {
    const server = await webhookServer(() => undefined)
    const { poster } = await posting(server.url)
    const stop = new AbortController()
    const posted = poster.post('{}', stop.signal)
    await server.arrived(1)
    stop.abort()
    await expect(posted).rejects.toThrow(`webhook (${server.host}) was interrupted`)
    expect(server.received).toHaveLength(1)
  })
})

describe('a proxy of the environment', () => {
  it.each([
    ['http', /hooks\.example/],
    // The greeting of RFC 1928: version 5.
    ['socks5', /^\u0005/],
  ])('is used: %s', async (scheme, greeting) => {
    const asked: string[] = []
    const proxy = createServer((socket) => {
      socket.setEncoding('latin1').on('error', () => undefined)
      socket.once('data', (text: string) => {
        asked.push(text)
        socket.destroy()
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const { port } = proxy.address() as AddressInfo
    const { poster } = await posting('http://hooks.example', {
      env: { HTTP_PROXY: `${scheme}://127.0.0.1:${port}` },
    })
    await expect(poster.post('{}', never)).rejects.toThrow('webhook (hooks.example) cannot be reached')
    expect(asked[0]).toMatch(greeting)
  })

  it('is not used for this machine', async () => {
    const server = await webhookServer({ status: 200 })
    const { poster } = await posting(server.url, { env: { HTTP_PROXY: 'http://127.0.0.1:1' } })
    await poster.post('{}', never)
    expect(server.received).toHaveLength(1)
  })
})
