import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../../src/lib/registry/bounded.ts'
import { RegistryError } from '../../src/lib/registry/registry-error.ts'
import { Patience } from '../../src/lib/registry/retry.ts'
import { FakeClock } from './fake-clock.ts'

type Outcome = { status: number; headers?: Record<string, string> } | RegistryError

const subject = { registry: 'r.example', repository: 'org/app', action: 'try' }
const request = {
  method: 'GET',
  url: new URL('https://r.example/'),
  headers: {},
  bodyLimit: 1,
  subject,
} as const
const dead = new RegistryError('unreachable', subject, 'no connection')

/** A layer below that gives these outcomes in turn, the last one for ever. */
function patient(outcomes: Outcome[], perSecond = 1000) {
  const clock = new FakeClock()
  const patience = new Patience(clock, () => ({ concurrency: 2, perSecond }))
  let attempts = 0
  const send = patience.around(async ({ url }) => {
    const outcome = outcomes[Math.min(attempts++, outcomes.length - 1)]
    if (outcome instanceof RegistryError) throw outcome
    return { status: 200, headers: {}, ...outcome, body: Buffer.alloc(0), url } as HttpResponse
  })
  return { clock, patience, send: () => send(request), attempts: () => attempts }
}

describe('passing failures', () => {
  it.each([[500], [502], [503], [504], [408]])(
    'a %i is tried again after a growing pause',
    async (status) => {
      const { send, clock } = patient([{ status }, { status }, { status: 200 }])
      expect((await send()).status).toBe(200)
      expect(clock.slept).toEqual([500, 1000])
    },
  )

  it('end after four attempts with the last answer', async () => {
    const { send, attempts } = patient([{ status: 503 }])
    expect((await send()).status).toBe(503)
    expect(attempts()).toBe(4)
  })

  it('of the connection are tried again', async () => {
    const { send, attempts } = patient([dead, { status: 200 }])
    expect((await send()).status).toBe(200)
    expect(attempts()).toBe(2)
  })

  it.each([[400], [401], [403], [404], [501]])('a %i is an answer, not a failure', async (status) => {
    const { send, attempts } = patient([{ status }])
    expect((await send()).status).toBe(status)
    expect(attempts()).toBe(1)
  })

  it.each(['tls', 'refused', 'too-large', 'malformed'] as const)('%s is final', async (kind) => {
    const { send, attempts } = patient([new RegistryError(kind, subject, 'no')])
    await expect(send()).rejects.toMatchObject({ kind })
    expect(attempts()).toBe(1)
  })
})

describe('rate limits', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9000],
    [
      "Docker Hub's Unix time",
      { 'x-retry-after': String(Date.parse('2026-01-01T00:00:11Z') / 1000) },
      11_000,
    ],
    ['nothing that can be read', { 'retry-after': 'soon' }, 500],
  ])('wait as long as %s says', async (_, headers, wait) => {
    const { send, clock } = patient([{ status: 429, headers }, { status: 200 }])
    expect((await send()).status).toBe(200)
    expect(clock.slept).toEqual([wait])
  })

  it('that last too long are an error which says until when, and hold for everything at that host', async () => {
    const { send, clock, attempts } = patient([{ status: 429, headers: { 'retry-after': '3600' } }])
    const limited = {
      kind: 'rate-limited',
      retryAt: new Date('2026-01-01T01:00:00Z'),
      message: 'r.example: cannot try: the registry limits requests until 2026-01-01T01:00:00.000Z',
    }
    await expect(send()).rejects.toMatchObject(limited)
    await expect(send()).rejects.toMatchObject(limited)
    expect(attempts()).toBe(1)
    expect(clock.slept).toEqual([])
  })

  it('that never end are an error after four attempts', async () => {
    const { send, attempts } = patient([{ status: 429, headers: { 'retry-after': '1' } }])
    await expect(send()).rejects.toMatchObject({ kind: 'rate-limited' })
    expect(attempts()).toBe(4)
  })

  it('of this program itself spread requests over time', async () => {
    const { send, clock } = patient([{ status: 200 }], 10)
    for (let sent = 0; sent < 20; sent++) await send()
    expect(clock.slept.reduce((sum, each) => sum + each, 0)).toBe(1000)
  })
})

describe('a dead host', () => {
  it('is given up for the cycle after five failures in a row', async () => {
    const { send, attempts } = patient([dead])
    await expect(send()).rejects.toBe(dead)
    await expect(send()).rejects.toMatchObject({
      message: expect.stringContaining('given up for this cycle'),
    })
    await expect(send()).rejects.toMatchObject({ kind: 'unreachable', cause: dead })
    expect(attempts()).toBe(5)
  })

  it('gets one more chance in the next cycle', async () => {
    const { send, attempts, patience } = patient([dead, dead, dead, dead, dead, dead, { status: 200 }])
    await send().catch(() => {})
    await send().catch(() => {})
    patience.newCycle()
    await expect(send()).rejects.toMatchObject({ kind: 'unreachable' })
    expect(attempts()).toBe(6)
    patience.newCycle()
    expect((await send()).status).toBe(200)
  })
})

it('no more requests are in flight at a time than allowed', async () => {
  const clock = new FakeClock()
  const patience = new Patience(clock, () => ({ concurrency: 2, perSecond: 1000 }))
  let running = 0
  let most = 0
  const send = patience.around(async ({ url }) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return { status: 200, headers: {}, body: Buffer.alloc(0), url }
  })
  await Promise.all(Array.from({ length: 10 }, () => send(request)))
  expect(most).toBe(2)
})
