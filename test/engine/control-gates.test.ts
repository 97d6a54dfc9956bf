import { describe, expect, it } from 'vitest'
import { runningImages } from '../../src/lib/application/running-images.ts'
import { appliesUnasked } from '../../src/lib/engine/approval.ts'
import type { ArgoState } from '../../src/lib/engine/argo-state.ts'
import type { Decision } from '../../src/lib/engine/decide.ts'
import type { GateFacts } from '../../src/lib/engine/gate.ts'
import { decide } from './decided.ts'
import { digestOf } from './fake-registry.ts'
import { type ApplicationText, managedOne } from './world.ts'

const NEW = digestOf('new')
const LIVE = { kustomize: ['org/web:1.4.2'], live: ['org/web:1.4.2'] }

/** The decision on the step from 1.4.2 to a tag. */
function decided(
  rules: Readonly<Record<string, string>>,
  tag = '1.5.0',
  facts: Partial<GateFacts> = {},
  text: ApplicationText = LIVE,
): Decision {
  const { application, rule } = managedOne({ ...text, rules: { 'image-list': 'web=org/web', ...rules } })
  const running = { firstSeenDigest: '', images: runningImages(application, rule), pods: undefined }
  return decide(rule, running, { digest: NEW, manifests: [], tag }, 'spec', [], facts)
}

describe('a hold', () => {
  it.each([
    [{ 'web.hold': 'true' }, 'held'],
    [
      { 'web.hold': 'true', 'web.hold-by': 'ann', 'web.hold-reason': 'incident 7' },
      'held by ann: incident 7',
    ],
    [{ 'hold-until': '2026-03-01T18:00:00Z' }, 'held until 2026-03-01T18:00:00Z'],
  ])('%j keeps the image as it is', (rules, reason) => {
    expect(decided(rules)).toMatchObject({ kind: 'held', reason, target: { tag: '1.5.0' } })
  })

  it('that is over lets it go', () => {
    expect(decided({ 'hold-until': '2026-03-01T11:00:00Z' })).toMatchObject({ kind: 'update' })
  })

  it('cannot be passed by like a gate that waits', () => {
    const passed = new Set(['hold'] as const)
    expect(decided({ hold: 'true' }, '1.5.0', { passed })).toMatchObject({ kind: 'held' })
  })
})

describe('a declined digest', () => {
  const rules = { 'image-list': 'web=org/web:main', 'web.update-strategy': 'digest' }
  it('of a moving tag is not taken, the next one is offered again', () => {
    const text = { kustomize: [`org/web:main@${digestOf('old')}`] }
    expect(decided({ ...rules, 'web.skip-tags': `main@${NEW}` }, 'main', {}, text)).toMatchObject({
      kind: 'blocked',
      reason: 'this digest of main was declined: the next one is offered again',
    })
    expect(
      decided({ ...rules, 'web.skip-tags': `main@${digestOf('other')}` }, 'main', {}, text),
    ).toMatchObject({
      kind: 'update',
    })
  })
})

describe('max-bump', () => {
  it.each<[string, string, string, string | undefined]>([
    ['patch', '1.4.2', '1.4.3', undefined],
    ['patch', '1.4.2', '1.5.0', '1.4.2 → 1.5.0 is minor (max-bump patch)'],
    ['minor', '1.4.2', '1.5.0', undefined],
    ['minor', '1.4.2', '2.0.0', '1.4.2 → 2.0.0 is major (max-bump minor)'],
    ['major', '1.4.2', '2.0.0', undefined],
    ['patch', '1.4.2-rc.1', '1.4.2', undefined],
    ['major', 'main', '2.0.0', 'how big main → 2.0.0 is cannot be told (max-bump major)'],
  ])('%s, from %s to %s: %s', (maxBump, from, to, approval) => {
    const text = { kustomize: [`org/web:${from}`], live: [`org/web:${from}`] }
    const decision = decided({ 'max-bump': maxBump }, to, {}, text)
    if (decision.kind !== 'update') throw new Error(decision.reason)
    expect(decision.approval).toBe(approval)
    for (const mode of ['auto', 'patch', 'minor', 'ask'] as const) {
      if (approval !== undefined) expect(appliesUnasked(mode, decision)).toBe(false)
    }
    expect(appliesUnasked('auto', decision)).toBe(approval === undefined)
  })

  it('is passed by where a person said so', () => {
    const decision = decided({ 'max-bump': 'patch' }, '1.5.0', { passed: new Set(['max-bump'] as const) })
    expect(decision).toMatchObject({
      gates: expect.arrayContaining([
        {
          name: 'max-bump',
          reason: 'passed by, as asked: 1.4.2 → 1.5.0 is minor (max-bump patch)',
          verdict: 'warning',
        },
      ]),
      kind: 'update',
    })
    expect(decision).not.toHaveProperty('approval')
  })

  it('leaves a step down to the direction', () => {
    expect(decided({ 'max-bump': 'patch' }, '1.4.1')).toMatchObject({ kind: 'blocked' })
  })
})

describe('what Argo CD is doing', () => {
  const CALM: ArgoState = {
    autoSync: true,
    everSynced: true,
    health: 'Healthy',
    sync: 'Synced',
    syncFailed: false,
    syncing: false,
    troubles: [],
  }
  const UNSYNCED: ApplicationText = { kustomize: ['org/web:1.4.2'], live: ['org/web:1.4.0'] }

  it.each<[string, Partial<ArgoState>, string, ApplicationText?]>([
    ['nothing', {}, 'ok Synced, Healthy'],
    ['a sync', { syncing: true }, 'wait is syncing the Application'],
    ['a rollout', { health: 'Progressing' }, 'wait reports Progressing: a rollout is under way'],
    ['a sync to come', { sync: 'OutOfSync' }, 'wait reports OutOfSync: it has yet to sync the Application'],
    ['a sync that nobody does', { autoSync: false, sync: 'OutOfSync' }, 'ok OutOfSync, Healthy'],
    [
      'a failed sync',
      { sync: 'OutOfSync', syncFailed: true },
      'ok OutOfSync, Healthy: a newer image may help',
    ],
    ['a failed rollout', { health: 'Degraded' }, 'ok Synced, Degraded: a newer image may help'],
    [
      'a failed rollout, while syncing',
      { health: 'Degraded', syncing: true },
      'wait is syncing the Application',
    ],
    ['what the spec says has not come', {}, 'wait has yet to bring what the spec says: ', UNSYNCED],
    ['what the spec says has not come, auto-sync off', { autoSync: false }, 'ok Synced, Healthy', UNSYNCED],
  ])('%s', (_name, argo, expected, text) => {
    const decision = decided({}, '1.5.0', { argo: { ...CALM, ...argo } }, text)
    const gate = 'gates' in decision ? decision.gates.find(({ name }) => name === 'argo-cd') : undefined
    expect(`${gate?.verdict} ${gate?.reason}`).toContain(expected)
    expect(decision.kind).toBe(expected.startsWith('wait') ? 'waiting' : 'update')
  })

  it('is not known of a file, or before Argo CD has looked at it', () => {
    expect(decided({}, '1.5.0', { argo: { ...CALM, health: '', sync: '' } }).kind).toBe('update')
    expect(decided({}).kind).toBe('update')
  })
})

it('what stops comes before what waits, and that before what asks', () => {
  const rules = { hold: 'true', 'max-bump': 'patch', 'min-age': '24h' }
  expect(decided(rules).kind).toBe('held')
  expect(decided({ ...rules, hold: 'false' })).toMatchObject({
    kind: 'waiting',
    reason: 'min-age 24h, and nobody knows how old it is',
  })
  expect(decided({ ...rules, hold: 'false', 'min-age': '0' })).toMatchObject({ kind: 'update' })
})
