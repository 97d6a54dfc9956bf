import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MetricsServer, serveMetrics } from '../../src/lib/metrics/metrics-server.ts'

let server: MetricsServer
beforeAll(async () => {
  const page = () => ({ body: 'up 1\n', status: 200, type: 'text/plain' })
  server = await serveMetrics('--metrics-addr', { host: '127.0.0.1', port: 0 }, { '/metrics': page })
})
afterAll(() => server.close())

async function ask(method: string, path: string, body = '') {
  const sent = request(`http://${server.address}${path}`, { agent: false, method })
  sent.end(body)
  const [answer] = await once(sent, 'response')
  return { body: await text(answer), headers: answer.headers, status: answer.statusCode as number }
}

/** What is answered to bytes as they are, until the server hangs up. */
async function raw(bytes: string): Promise<string> {
  const [host, port] = server.address.split(':')
  const socket = connect(Number(port), host)
  socket.write(bytes)
  return text(socket)
}

describe('the server for metrics', () => {
  it('answers GET and HEAD, with or without a query', async () => {
    expect(await ask('GET', '/metrics')).toMatchObject({ body: 'up 1\n', status: 200 })
    expect(await ask('GET', '/metrics?name=up')).toMatchObject({ body: 'up 1\n', status: 200 })
    const head = await ask('HEAD', '/metrics')
    expect(head).toMatchObject({ body: '', status: 200 })
    expect(head.headers).toMatchObject({ 'cache-control': 'no-store', 'content-length': '5' })
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('refuses %s', async (method) => {
    const { headers, status } = await ask(method, '/metrics', method === 'POST' ? 'a=b' : '')
    expect({ allow: headers.allow, status }).toEqual({ allow: 'GET, HEAD', status: 405 })
  })

  it.each(['/', '/metrics/', '/__proto__', '/constructor', '//metrics', '/%6detrics'])(
    'knows nothing else: %s',
    async (path) => {
      const { body, status } = await ask('GET', path)
      expect({ body, status }).toEqual({ body: 'not found\n', status: 404 })
    },
  )

  it('answers nothing of what it was asked with', async () => {
    const { body, headers } = await ask('GET', '/<script>alert(1)</script>')
    expect(body + JSON.stringify(headers)).not.toContain('script')
  })

  it('takes no big headers, no body, and hangs up after what is no HTTP', async () => {
    expect(await raw(`GET /metrics HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(10_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    )
    expect(await raw('GET /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000000\r\n\r\nx')).toMatch(
      /connection: close\r\n.*up 1\n$/is,
    )
    expect(await raw('SSH-2.0-x\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
  })

  it('says in one line what is wrong with the address', async () => {
    const [host = '', port] = server.address.split(':')
    await expect(serveMetrics('--metrics-addr', { host, port: Number(port) }, {})).rejects.toThrow(
      `--metrics-addr ${server.address} is taken by another program`,
    )
    await expect(serveMetrics('--metrics-addr', { host: '192.0.2.1', port: 0 }, {})).rejects.toThrow(
      '--metrics-addr 192.0.2.1:0 is no address of this machine',
    )
  })
})
