import { describe, expect, it } from 'vitest'
import { checkImages } from '../../src/lib/engine/check.ts'
import { type CheckedImage, isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import type { FollowEvent } from '../../src/lib/engine/follow.ts'
import { WatchBoard } from '../../src/lib/engine/watch-board.ts'
import type { WatchEvent } from '../../src/lib/engine/watch-event.ts'
import { UserError } from '../../src/lib/errors.ts'
import { FakeRegistry } from './fake-registry.ts'
import { type ApplicationText, contextOf, managed, NOW } from './world.ts'

const RULES = { 'image-list': 'web=org/web, api=org/api' }

/** What a poll finds: web may go from 1.0.0 to `newest`, api is up to date. */
async function poll(newest: string, text: ApplicationText = {}): Promise<CheckedImage[]> {
  const registry = new FakeRegistry({ 'org/api': { '3.0.0': {} }, 'org/web': { '1.0.0': {}, [newest]: {} } })
  const images = managed({ kustomize: ['org/web:1.0.0', 'org/api:3.0.0'], rules: RULES, ...text })
  return checkImages(contextOf(registry), images)
}

function cycle(images: readonly CheckedImage[], polls: ReadonlyMap<string, Date> = new Map()): WatchEvent {
  return { at: NOW, changed: [], images, nextAt: NOW, polls, type: 'cycle' }
}

const webOf = (images: readonly CheckedImage[]) => images.find(isUpdatable) as UpdatableImage
const outcome: FollowEvent = {
  application: 'argocd/shop',
  at: NOW,
  degradedBefore: false,
  health: 'Healthy',
  message: '',
  object: 'application/shop',
  phase: '',
  state: 'healthy',
  sync: 'Synced',
}
const error = new UserError('forbidden')

/** A board after a poll that offers 2.0.0, and these events about it. */
async function boardAfter(...events: ((image: UpdatableImage) => WatchEvent)[]) {
  const board = new WatchBoard()
  const images = await poll('2.0.0')
  board.follow(cycle(images))
  const image = webOf(images)
  for (const event of events) board.follow(event(image))
  return { board, image, images, state: () => board.row(image.key)?.state }
}

const pending = (image: UpdatableImage): WatchEvent => ({
  at: NOW,
  image,
  reason: 'ask',
  since: NOW,
  type: 'pending',
})
const applied = (image: UpdatableImage): WatchEvent => ({ at: NOW, dryRun: false, image, type: 'applied' })

describe('a row of the board', () => {
  it.each<[string, (image: UpdatableImage) => WatchEvent, object]>([
    ['waits for a person', pending, { kind: 'pending', reason: 'ask', since: NOW }],
    ['was declined', (image) => ({ at: NOW, image, type: 'declined' }), { kind: 'put-off' }],
    ['is written', (image) => ({ at: NOW, images: [image], type: 'applying' }), { kind: 'applying' }],
    ['was written', applied, { at: NOW, dryRun: false, kind: 'applied' }],
    [
      'could not be written',
      (image) => ({ at: NOW, error, image, type: 'apply-failed' }),
      { at: NOW, error, kind: 'failed' },
    ],
    [
      'needed no write any more',
      (image) => ({ at: NOW, image, reason: 'there already', type: 'unchanged' }),
      { kind: 'decided' },
    ],
  ])('%s', async (_, event, state) => {
    const world = await boardAfter(event)
    expect(world.state()).toEqual(state)
  })

  it('tells what became of what was written, and of nothing else', async () => {
    const followed = (image: UpdatableImage): WatchEvent => ({
      at: NOW,
      images: [image],
      outcome,
      type: 'followed',
    })
    expect((await boardAfter(applied, followed)).state()).toMatchObject({ kind: 'applied', outcome })
    expect((await boardAfter(pending, followed)).state()).toMatchObject({ kind: 'pending' })
  })

  it('stays the same object while nothing changes', async () => {
    const { board, image, images } = await boardAfter(pending)
    const polls = new Map([[image.key, new Date(NOW.getTime() + 60_000)]])
    board.follow(cycle(images, polls))
    const before = board.rows
    board.follow(cycle(images, new Map(polls)))
    for (const [index, row] of board.rows.entries()) expect(row).toBe(before[index])
    expect(board.row(image.key)?.next).toEqual(polls.get(image.key))
  })
})

describe('after the next poll', () => {
  const stateAfter = async (
    events: ((image: UpdatableImage) => WatchEvent)[],
    next: readonly CheckedImage[],
  ): Promise<string | undefined> => {
    const { board, image } = await boardAfter(...events)
    board.follow(cycle(next))
    return board.row(image.key)?.state.kind
  }

  it('what waits for a person goes on to wait, for just that tag', async () => {
    expect(await stateAfter([pending], await poll('2.0.0'))).toBe('pending')
    expect(await stateAfter([pending], await poll('3.0.0'))).toBe('decided')
  })

  it('what was written stays written until something newer is there, whatever keeps that', async () => {
    const written = { kustomize: ['org/web:2.0.0', 'org/api:3.0.0'] }
    expect(await stateAfter([applied], await poll('2.0.0', written))).toBe('applied')
    expect(await stateAfter([applied], await poll('3.0.0', written))).toBe('decided')
    const held = { ...written, rules: { ...RULES, 'web.hold': 'true' } }
    expect(await stateAfter([applied], await poll('3.0.0', held))).toBe('decided')
  })

  it('a dry run counts for as long as it would do the same', async () => {
    const tried = (image: UpdatableImage): WatchEvent => ({ at: NOW, dryRun: true, image, type: 'applied' })
    expect(await stateAfter([tried], await poll('2.0.0'))).toBe('applied')
    expect(await stateAfter([tried], await poll('3.0.0'))).toBe('decided')
  })

  it('an error in looking hides what was', async () => {
    const failed = (await poll('2.0.0', { rules: { ...RULES, 'web.allow-tags': 'regexp:^9' } })).map(
      (image): CheckedImage =>
        image.alias === 'web'
          ? {
              alias: 'web',
              application: image.application,
              error,
              image: 'org/web',
              key: image.key,
              rule: undefined,
              state: 'failed',
            }
          : image,
    )
    expect(await stateAfter([pending], failed)).toBe('decided')
  })

  it('rows of images that are gone are gone', async () => {
    const { board, image, images } = await boardAfter(pending)
    board.follow(cycle(images.filter(({ key }) => key !== image.key)))
    expect(board.rows.map((row) => row.image.alias)).toEqual(['api'])
    board.follow(pending(image))
    expect(board.row(image.key)).toBeUndefined()
  })
})
