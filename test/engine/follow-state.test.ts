import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { type FollowGoal, followState, isFinal } from '../../src/lib/engine/follow-state.ts'
import { application } from '../application/applications.ts'
import { goal, JUST_WRITTEN, NEW, type Report, shop } from './followed-shop.ts'

const OLD = 'ghcr.io/shop/web:1.0'
const LATER = '2026-01-01T00:05:00Z'
const stateOf = (report: Report, of: FollowGoal = goal()) => {
  const { state, message } = followState(undefined, shop(report), of)
  return `${state}: ${message}`
}
const resources = (status: string, message?: string) => ({
  resources: [
    { kind: 'Service', name: 'web', health: { status: 'Healthy' } },
    { kind: 'Deployment', name: 'web', health: { status, ...(message && { message }) } },
  ],
})

describe('an Application that syncs by itself', () => {
  it.each<[string, Report, string]>([
    ['Synced and Healthy of before the write', JUST_WRITTEN, 'waiting: Argo CD has not compared it yet'],
    [
      'Degraded of before',
      { ...JUST_WRITTEN, health: 'Degraded' },
      'waiting: Argo CD has not compared it yet',
    ],
    ['compared', { sync: 'OutOfSync', live: [OLD] }, 'waiting: Argo CD has not synced it yet'],
    [
      'compared, and Degraded still from before',
      { health: 'Degraded', live: [OLD], sync: 'OutOfSync' },
      'waiting: Argo CD has not synced it yet',
    ],
    [
      'syncing',
      { operation: { message: 'waiting for hooks', phase: 'Running', startedAt: LATER }, sync: 'OutOfSync' },
      'waiting: syncing: waiting for hooks',
    ],
    [
      'synced, with Pods on their way',
      { health: 'Progressing', status: resources('Progressing', '1 of 2 updated') },
      'synced: deployment/web: 1 of 2 updated',
    ],
    [
      'paused between steps',
      { health: 'Suspended', status: resources('Suspended') },
      'synced: deployment/web: Suspended',
    ],
    [
      'healthy, but the image is not seen',
      { live: [OLD] },
      'synced: Argo CD does not see shop/web:1.1 run yet',
    ],
    ['healthy', {}, 'healthy: it runs what was written'],
    ['healthy while old Pods end', { live: [OLD, NEW] }, 'healthy: it runs what was written'],
    [
      'degraded',
      { health: 'Degraded', status: resources('Degraded', 'exceeded its progress deadline') },
      'degraded: deployment/web: exceeded its progress deadline',
    ],
    [
      'the sync failed',
      { operation: { message: 'no such namespace', phase: 'Failed', startedAt: LATER }, sync: 'OutOfSync' },
      'failed: the sync failed: no such namespace',
    ],
    [
      'a sync had failed before',
      { operation: { phase: 'Succeeded', startedAt: '2026-01-01T00:00:00Z' }, sync: 'OutOfSync' },
      'waiting: Argo CD has not synced it yet',
    ],
    [
      'a sync of the old override failed just now',
      {
        operation: {
          phase: 'Failed',
          startedAt: LATER,
          syncResult: { source: { kustomize: { images: [OLD] }, repoURL: 'r' } },
        },
        sync: 'OutOfSync',
      },
      'waiting: the last sync failed: ',
    ],
    [
      'it cannot be rendered',
      { status: { conditions: [{ message: 'no such path', type: 'ComparisonError' }] }, sync: 'Unknown' },
      'waiting: ComparisonError: no such path',
    ],
    [
      'there is a mere warning',
      { status: { conditions: [{ message: 'x', type: 'OrphanedResourceWarning' }] }, sync: 'OutOfSync' },
      'waiting: Argo CD has not synced it yet',
    ],
    ['somebody wrote another image', { spec: OLD }, 'failed: somebody has written something else since'],
    ['it was created again', { uid: 'u2' }, 'failed: it was deleted and created again'],
  ])('%s', (_, report, expected) => {
    expect(stateOf(report)).toBe(expected)
  })

  it('says whether it was Degraded before', () => {
    const degraded = goal({ ...JUST_WRITTEN, health: 'Degraded' })
    expect(followState(undefined, shop({}), degraded).degradedBefore).toBe(true)
    expect(followState(undefined, shop({}), goal()).degradedBefore).toBe(false)
  })

  it('does not wait to see an image that was not seen before either', () => {
    expect(stateOf({ live: [] }, goal({ ...JUST_WRITTEN, live: [] }))).toMatch(/^healthy/)
  })

  it('is followed on where another image is written as well', () => {
    const other = (report: Report) => {
      const object = structuredClone(shop(report)) as unknown as {
        spec: { source: { kustomize: { images: string[] } } }
      }
      object.spec.source.kustomize.images.push('ghcr.io/shop/api:3')
      return object as unknown as Application
    }
    expect(followState(undefined, other({}), goal()).message).toBe('Argo CD has not compared it yet')
  })

  it('goes by the time of comparing where Argo CD does not tell what it compared with', () => {
    const bare = (reconciledAt: string): Report => ({
      status: { reconciledAt, sync: { status: 'Synced' } },
    })
    const written = goal(bare('2026-01-01T00:00:00Z'))
    expect(stateOf(bare('2026-01-01T00:00:00Z'), written)).toMatch(/^waiting/)
    expect(stateOf(bare(LATER), written)).toMatch(/^healthy/)
  })

  it('is compared by the commit that the hydrator made of what was written', () => {
    const dry = (image: string) => ({
      drySource: { kustomize: { images: [image] }, repoURL: 'https://git.example.com/r' },
    })
    const hydrated = (image: string, revision: string) =>
      application(
        { sourceHydrator: dry(NEW), syncPolicy: { automated: {} } },
        {
          health: { status: 'Healthy' },
          sourceHydrator: { lastSuccessfulOperation: { hydratedSHA: 'b', sourceHydrator: dry(image) } },
          sourceType: 'Kustomize',
          summary: { images: [NEW] },
          sync: { comparedTo: { source: { repoURL: 'r' } }, revision, status: 'Synced' },
        },
      )
    const of = { ...goal(), written: hydrated(OLD, 'a') }
    const stateWith = (image: string, revision: string) =>
      followState(undefined, hydrated(image, revision), of).state
    expect(stateWith(OLD, 'b')).toBe('waiting')
    expect(stateWith(NEW, 'a')).toBe('waiting')
    expect(stateWith(NEW, 'b')).toBe('healthy')
  })

  it('stays where it ended', () => {
    const healthy = followState(undefined, shop({}), goal())
    expect(isFinal(healthy)).toBe(true)
    expect(followState(healthy, shop({ health: 'Degraded' }), goal())).toBe(healthy)
  })
})

describe('an Application that does not', () => {
  const manual: Report = { automated: false, sync: 'OutOfSync' }
  it.each<[string, Report, boolean, string]>([
    [
      'says so at once',
      { ...manual, ...JUST_WRITTEN },
      false,
      'not-syncing: Argo CD will not sync this by itself',
    ],
    ['is waited for once a sync is asked for', manual, true, 'waiting: Argo CD has not synced it yet'],
    [
      'is waited for while somebody syncs it',
      { ...manual, operation: { phase: 'Running', startedAt: LATER } },
      false,
      'waiting: syncing',
    ],
    ['is followed once it is synced', { automated: false }, false, 'healthy: it runs what was written'],
  ])('%s', (_, report, syncRequested, expected) => {
    expect(stateOf(report, goal(JUST_WRITTEN, { syncRequested }))).toBe(expected)
  })
})

describe('what was committed', () => {
  const at = (revision: object, more: Report = {}): Report => ({
    ...more,
    spec: OLD,
    status: { sync: { comparedTo: { source: {} }, status: more.sync ?? 'Synced', ...revision } },
  })
  const committed = goal(at({ revision: 'a1' }, { live: [OLD] }), { committed: true })

  it.each<[string, Report, string]>([
    [
      'the commit before',
      at({ revision: 'a1' }, { live: [OLD] }),
      'waiting: Argo CD has not compared it yet',
    ],
    [
      'another commit, not synced',
      at({ revision: 'b2' }, { live: [OLD], sync: 'OutOfSync' }),
      'waiting: Argo CD has not synced it yet',
    ],
    [
      'another commit, without the image',
      at({ revision: 'b2' }, { live: [OLD] }),
      'synced: Argo CD does not see shop/web:1.1 run yet',
    ],
    ['another commit, with it', at({ revision: 'b2' }), 'healthy: it runs what was written'],
    ['one of several sources moved', at({ revisions: ['a1', 'b2'] }), 'healthy: it runs what was written'],
  ])('%s', (_, report, expected) => {
    expect(stateOf(report, committed)).toBe(expected)
  })
})
