import { describe, expect, it } from 'vitest'
import { servedResources, serverVersion } from '../../src/lib/cluster/discovery.ts'
import type { ApiTransport } from '../../src/lib/cluster/transport.ts'

function answering(status: number, body: unknown, date = ''): ApiTransport {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    connection: { context: 'prod', server: 'https://api.example.com' },
    send: async () => ({ date, status, text }),
  } as unknown as ApiTransport
}

describe('the version of an API server', () => {
  it('comes with its clock', async () => {
    const transport = answering(200, { gitVersion: 'v1.36.1' }, 'Sun, 01 Mar 2026 12:00:00 GMT')
    expect(await serverVersion(transport)).toMatchObject({
      date: new Date('2026-03-01T12:00:00Z'),
      version: 'v1.36.1',
    })
  })

  it('may be kept from this user, or come without a clock', async () => {
    const told = await serverVersion(answering(403, { kind: 'Status' }, 'soon'))
    expect(told).toMatchObject({ date: undefined, version: '' })
  })

  it.each([
    [200, '<html>login</html>', /answers, but not as an API server does/],
    [200, { hello: 'world' }, /answers, but not as an API server does/],
    [404, 'not found', /answers, but not as an API server does/],
    [401, { kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized' }, /^Unauthorized$/],
    [302, '', /answers with a redirect/],
  ])('%d %j is none', async (status, body, message) => {
    await expect(serverVersion(answering(status, body))).rejects.toThrow(message)
  })
})

describe('the resource types of a group', () => {
  const type = { group: 'argoproj.io', version: 'v1alpha1' }

  it('are known by plural', async () => {
    const list = { resources: [{ name: 'applications' }, { name: 'applications/status' }] }
    expect(await servedResources(answering(200, list), type)).toEqual(
      new Set(['applications', 'applications/status']),
    )
  })

  it('are none where the group is not served', async () => {
    expect(await servedResources(answering(404, {}), type)).toBeUndefined()
  })

  it('cannot be told by a server in trouble', async () => {
    await expect(servedResources(answering(503, ''), type)).rejects.toThrow(/unable to handle the request/)
  })
})
