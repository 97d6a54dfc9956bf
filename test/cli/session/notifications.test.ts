import { describe, expect, it } from 'vitest'
import { notificationsOf } from '../../../src/cli/session/notifications.ts'
import { type CheckedImage, isUpdatable, type UpdatableImage } from '../../../src/lib/engine/checked-image.ts'
import type { FollowEvent } from '../../../src/lib/engine/follow.ts'
import type { WatchEvent } from '../../../src/lib/engine/watch-event.ts'
import { UserError } from '../../../src/lib/errors.ts'
import { NOW } from '../../engine/world.ts'
import { checkedRows } from '../../terminal/checked-rows.ts'

const TAGS = { 'org/api': { '2.0.0': {} }, 'org/web': { '1.5.0': {} } }
const images = await checkedRows(TAGS, {
  kustomize: ['org/web:1.4.2', 'org/api:1.0.0'],
  rules: {
    'api.hold': 'true',
    'api.hold-reason': 'freeze',
    'faulty.update-strategy': 'sevmer',
    'image-list': 'web=org/web,api=org/api,faulty=org/x',
  },
})
const web = images.find(isUpdatable) as UpdatableImage
const origin = (image: CheckedImage) => ({ by: 'ann@laptop', context: `context of ${image.alias}` })
const kinds = (event: WatchEvent) =>
  notificationsOf(event, origin).map(({ event: kind, image }) => `${kind} ${image}`)

const followed = (about: Partial<FollowEvent>): WatchEvent => ({
  at: NOW,
  images: [web],
  outcome: {
    application: 'argocd/shop',
    at: NOW,
    degradedBefore: false,
    health: 'Degraded',
    message: 'deployment/web: no Pod is ready',
    object: 'application/shop',
    phase: '',
    state: 'degraded',
    sync: 'Synced',
    ...about,
  },
  type: 'followed',
})
const cycle = (changed: readonly CheckedImage[]): WatchEvent => ({
  at: NOW,
  changed,
  images,
  nextAt: NOW,
  polls: new Map(),
  type: 'cycle',
})
const error = new UserError('it is forbidden')

describe('what others are told', () => {
  it.each<[string, WatchEvent, string[]]>([
    ['a poll: only what is new', cycle([]), []],
    ['a poll: what is available and what is held, no errors', cycle(images), ['available web', 'held api']],
    ['a write', { at: NOW, dryRun: false, image: web, type: 'applied' }, ['applied web']],
    ['a write that was only tried', { at: NOW, dryRun: true, image: web, type: 'applied' }, []],
    ['a write that failed', { at: NOW, error, image: web, type: 'apply-failed' }, ['failed web']],
    ['somebody was quicker', { at: NOW, image: web, reason: '', type: 'unchanged' }, []],
    ['it does not work', followed({}), ['degraded web']],
    ['it did not work before either', followed({ degradedBefore: true }), []],
    ['the sync failed', followed({ state: 'failed' }), ['failed web']],
    ['it runs', followed({ state: 'healthy' }), []],
    ['what was written was taken back', { at: NOW, images: [web], reason: '', type: 'undone' }, []],
    [
      'what was written could not be taken back',
      { at: NOW, error, images: [web], reason: '', type: 'undone' },
      ['failed web'],
    ],
  ])('%s', (_, event, told) => {
    expect(kinds(event)).toEqual(told)
  })

  it('says what, where, from, to, why and by whom', () => {
    const event: WatchEvent = { at: NOW, dryRun: false, image: web, type: 'applied' }
    expect(notificationsOf(event, origin)).toEqual([
      {
        action: 'set kustomize image',
        application: 'shop',
        at: NOW,
        by: 'ann@laptop',
        context: 'context of web',
        digest: '',
        event: 'applied',
        from: '1.4.2',
        image: 'web',
        namespace: 'argocd',
        reason: '1.5.0 is newer than 1.4.2',
        repository: 'org/web',
        to: '1.5.0',
      },
    ])
  })

  it('gives the reason of a failure and of a hold', () => {
    const failed: WatchEvent = { at: NOW, error, image: web, type: 'apply-failed' }
    expect(notificationsOf(failed, origin)).toMatchObject([{ reason: 'it is forbidden' }])
    expect(notificationsOf(cycle(images), origin)[1]).toMatchObject({
      action: '',
      reason: expect.stringContaining('freeze'),
      to: '2.0.0',
    })
  })
})
