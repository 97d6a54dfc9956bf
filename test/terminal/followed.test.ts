import { describe, expect, it } from 'vitest'
import type { FollowEvent } from '../../src/lib/engine/follow.ts'
import { outcomeDocument, outcomeStyle, outcomeText, stateText } from '../../src/lib/terminal/followed.ts'

function outcome(about: Partial<FollowEvent>): FollowEvent {
  return {
    application: 'argocd/shop',
    at: new Date(),
    degradedBefore: false,
    health: 'Healthy',
    message: '',
    object: 'application/shop',
    phase: '',
    state: 'healthy',
    sync: 'Synced',
    ...about,
  }
}

describe('what became of a write, in one line', () => {
  it.each<[string, Partial<FollowEvent>, string]>([
    ['it runs', { message: 'it runs what was written' }, 'shop: Healthy'],
    [
      'Argo CD has not looked: what it reported before is no answer',
      { message: 'Argo CD has not compared it yet', state: 'waiting' },
      'shop: Argo CD has not compared it yet',
    ],
    ['nobody says what it waits for', { state: 'waiting' }, 'shop: waits'],
    [
      'it is there, the Pods follow',
      { health: 'Progressing', message: 'deployment/web: 1 of 2', state: 'synced' },
      'shop: Synced, Progressing: deployment/web: 1 of 2',
    ],
    ['it is there, and nothing more is known', { health: '', state: 'synced', sync: '' }, 'shop: Synced'],
    [
      'it does not work',
      { health: 'Degraded', message: 'deployment/web: exceeded its deadline', state: 'degraded' },
      'shop: Degraded: deployment/web: exceeded its deadline',
    ],
    [
      'the sync failed',
      { message: 'the sync failed: no', state: 'failed' },
      'shop: failed: the sync failed: no',
    ],
    ['nobody syncs it', { state: 'not-syncing' }, 'shop: not synced'],
    ['time is up', { state: 'timed-out' }, 'shop: not there in time'],
    ['the watch ends', { state: 'stopped' }, 'shop: not followed any more'],
    ['a workload', { object: 'deployment/web' }, 'shop deployment/web: Healthy'],
  ])('%s', (_, about, text) => {
    expect(outcomeText(outcome(about))).toBe(text)
    expect(stateText(outcome(about))).toBe(text.slice(text.indexOf(': ') + 2))
  })

  it.each<[FollowEvent['state'], string]>([
    ['healthy', 'green'],
    ['degraded', 'red'],
    ['failed', 'red'],
    ['timed-out', 'yellow'],
    ['not-syncing', 'yellow'],
    ['waiting', 'dim'],
    ['synced', 'dim'],
    ['stopped', 'dim'],
  ])('%s is %s', (state, style) => {
    expect(outcomeStyle({ state })).toBe(style)
  })

  it('as a document names Application and namespace', () => {
    expect(outcomeDocument(outcome({ phase: 'Succeeded' }))).toEqual({
      application: 'shop',
      degradedBefore: false,
      health: 'Healthy',
      message: '',
      namespace: 'argocd',
      object: 'application/shop',
      phase: 'Succeeded',
      state: 'healthy',
      sync: 'Synced',
    })
  })
})
