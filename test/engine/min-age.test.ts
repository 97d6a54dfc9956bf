import { describe, expect, it } from 'vitest'
import { checkImages } from '../../src/lib/engine/check.ts'
import { FakeRegistry, type FakeTag } from './fake-registry.ts'
import { contextOf, managed } from './world.ts'

// The clock of these tests stands at 2026-03-01 12:00.
const WEEK_OLD = '2026-02-22T12:00:00Z'
const FRESH = '2026-03-01T11:00:00Z'
const FUTURE = '2026-03-02T00:00:00Z'

const RULES = { 'image-list': 'web=org/web:1.x', 'web.min-age': '24h' }

function worldOf(tags: Record<string, FakeTag>) {
  const registry = new FakeRegistry({ 'org/web': tags })
  return { context: contextOf(registry), registry }
}

async function check(world: ReturnType<typeof worldOf>, rules: Record<string, string> = RULES) {
  const [row] = await checkImages(
    world.context,
    managed({ kustomize: ['org/web:1.0.0'], live: ['org/web:1.0.0'], rules }),
  )
  if (row?.state !== 'decided') throw new Error(`not decided: ${row?.error.message}`)
  const { decision, scan } = row
  const target = 'target' in decision ? decision.target.tag : undefined
  return { decision, scan, summary: `${decision.kind} ${target ?? ''}`.trim() }
}

describe('min-age', () => {
  it('by the registry’s clock lets an old image pass', async () => {
    const { decision } = await check(worldOf({ '1.0.0': {}, '1.1.0': { pushedAt: WEEK_OLD } }))
    expect(decision).toMatchObject({
      kind: 'update',
      gates: expect.arrayContaining([{ name: 'min-age', reason: '24h, pushed 7d ago', verdict: 'ok' }]),
    })
  })

  it('keeps a fresh one waiting, and says until when', async () => {
    const { decision } = await check(worldOf({ '1.0.0': {}, '1.1.0': { pushedAt: FRESH } }))
    expect(decision).toMatchObject({
      kind: 'waiting',
      reason: 'min-age 24h, pushed 60m ago: ready in 23h',
      target: { tag: '1.1.0' },
      until: new Date('2026-03-02T11:00:00Z'),
    })
  })

  it('takes the best that is old enough, so that frequent pushes do not put it off for ever', async () => {
    const { scan, summary } = await check(
      worldOf({ '1.0.0': {}, '1.1.0': { pushedAt: WEEK_OLD }, '1.2.0': { pushedAt: FRESH } }),
    )
    expect(summary).toBe('update 1.1.0')
    expect(scan.verdicts).toContainEqual({
      outcome: 'dropped',
      reason: 'too young until 2026-03-02T11:00:00.000Z',
      stage: 'min-age',
      tag: '1.2.0',
    })
  })

  it('never goes below what runs for the sake of age', async () => {
    const { summary } = await check(
      worldOf({ '0.9.0': { pushedAt: WEEK_OLD }, '1.0.0': {}, '1.1.0': { pushedAt: FRESH } }),
    )
    expect(summary).toBe('waiting 1.1.0')
  })

  it('does not believe the publisher’s date: where the registry tells none, the first sight counts', async () => {
    const world = worldOf({ '1.0.0': {}, '1.1.0': { createdAt: '1970-01-01T00:00:00Z' } })
    expect((await check(world)).decision).toMatchObject({
      kind: 'waiting',
      reason: 'min-age 24h, first seen 0s ago: ready in 24h',
    })
    const sightings = world.context.sightings
    await sightings.save()
    const [row] = await checkImages(
      { ...world.context, now: () => new Date('2026-03-02T12:00:00Z') },
      managed({ kustomize: ['org/web:1.0.0'], live: ['org/web:1.0.0'], rules: RULES }),
    )
    expect(row).toMatchObject({ decision: { kind: 'update', target: { tag: '1.1.0' } } })
  })

  it('begins anew for a tag that moved', async () => {
    const world = worldOf({ '1.0.0': {}, '1.1.0': { digest: `sha256:${'1'.repeat(64)}` } })
    await check(world)
    world.registry.repositories.set('org/web', {
      '1.0.0': {},
      '1.1.0': { digest: `sha256:${'2'.repeat(64)}` },
    })
    const tomorrow = { ...world.context, now: () => new Date('2026-03-02T12:00:00Z') }
    const [row] = await checkImages(
      tomorrow,
      managed({ kustomize: ['org/web:1.0.0'], live: ['org/web:1.0.0'], rules: RULES }),
    )
    expect(row).toMatchObject({ decision: { kind: 'waiting' } })
  })

  it('of a push in the future is not reached', async () => {
    expect((await check(worldOf({ '1.0.0': {}, '1.1.0': { pushedAt: FUTURE } }))).summary).toBe(
      'waiting 1.1.0',
    )
  })

  it('costs nothing while nothing is newer, and one digest otherwise', async () => {
    const idle = worldOf({ '1.0.0': {} })
    await check(idle)
    expect(idle.registry.asked).toEqual(['list org/web'])
    const busy = worldOf({ '1.0.0': {}, '1.1.0': { pushedAt: WEEK_OLD } })
    await check(busy)
    expect(busy.registry.asked).toEqual(['list org/web', 'digest org/web:1.1.0'])
  })

  it('can be passed by', async () => {
    const { context } = worldOf({ '1.0.0': {}, '1.1.0': { pushedAt: FRESH } })
    const [row] = await checkImages(
      context,
      managed({ kustomize: ['org/web:1.0.0'], live: ['org/web:1.0.0'], rules: RULES }),
      {
        passedGates: new Set(['min-age']),
      },
    )
    expect(row).toMatchObject({ decision: { kind: 'update', target: { tag: '1.1.0' } } })
  })
})
