import { describe, expect, it } from 'vitest'
import type { CheckedImage } from '../../src/lib/engine/checked-image.ts'
import type { FollowEvent } from '../../src/lib/engine/follow.ts'
import type { BoardRow, BoardState } from '../../src/lib/engine/watch-board.ts'
import { UserError } from '../../src/lib/errors.ts'
import { WatchRows } from '../../src/lib/terminal/watch-rows.ts'
import { NOW } from '../engine/world.ts'
import { checkedRows } from './checked-rows.ts'

const PLACES = { contextOf: () => '', severalNamespaces: false }

/** The image web of shop, which may go from 1.4.2 to 1.5.0, with these rules beside. */
async function image(rules: Record<string, string> = {}, runs = '1.4.2'): Promise<CheckedImage> {
  const tags = { 'org/web': { '1.5.0': {} } }
  const all = { 'image-list': 'web=org/web', ...rules }
  const [row] = await checkedRows(tags, {
    kustomize: [`org/web:${runs}`],
    live: [`org/web:${runs}`],
    rules: all,
  })
  if (!row) throw new Error('no row')
  return row
}

async function stateOf(state: BoardState, checked?: CheckedImage): Promise<object | undefined> {
  const row: BoardRow = { image: checked ?? (await image()), state }
  return new WatchRows(PLACES).liveRows([row])[0]?.state
}

const applied = (outcome?: Partial<FollowEvent>): BoardState => ({
  at: NOW,
  dryRun: false,
  kind: 'applied',
  ...(outcome && {
    outcome: {
      application: 'argocd/shop',
      at: NOW,
      degradedBefore: false,
      health: '',
      message: '',
      object: 'application/shop',
      phase: '',
      state: 'healthy',
      sync: '',
      ...outcome,
    },
  }),
})
const DECIDED: BoardState = { kind: 'decided' }

describe('the state of a row', () => {
  it.each<[string, BoardState, object]>([
    [
      'waits for a yes, and since when',
      { kind: 'pending', reason: '--approve ask', since: NOW },
      { mark: 'asks', since: NOW, text: 'approve?', tone: 'warning' },
    ],
    ['was put off', { kind: 'put-off' }, { mark: 'waits', text: 'put off, for this watch', tone: 'dim' }],
    ['is written', { kind: 'applying' }, { mark: 'busy', text: 'applying', tone: 'info' }],
    [
      'could not be written',
      { at: NOW, error: new UserError('it is forbidden', 'Ask for access'), kind: 'failed' },
      { mark: 'failed', text: 'not applied: it is forbidden. Ask for access', tone: 'bad' },
    ],
    ['was written', applied(), { mark: 'done', since: NOW, text: 'applied', tone: 'good' }],
    [
      'would be written',
      { at: NOW, dryRun: true, kind: 'applied' },
      { mark: 'done', since: NOW, text: 'would be applied (dry run)', tone: 'good' },
    ],
    ['runs', applied({}), { mark: 'done', since: NOW, text: 'applied, Healthy', tone: 'good' }],
    [
      'does not work',
      applied({ message: 'deployment/web', state: 'degraded' }),
      { mark: 'failed', since: NOW, text: 'applied, Degraded: deployment/web', tone: 'bad' },
    ],
    [
      'is not synced',
      applied({ state: 'not-syncing' }),
      { mark: 'waits', since: NOW, text: 'applied, not synced', tone: 'warning' },
    ],
    [
      'is on its way',
      applied({ health: 'Progressing', state: 'synced', sync: 'Synced' }),
      { mark: 'busy', since: NOW, text: 'applied, Synced, Progressing', tone: 'info' },
    ],
  ])('%s', async (_, state, expected) => {
    expect(await stateOf(state)).toEqual(expected)
  })

  it.each<[string, Record<string, string>, object]>([
    ['offers something', {}, { mark: 'asks', text: 'set kustomize image', tone: 'good' }],
    [
      'is held',
      { 'web.hold': 'true', 'web.hold-by': 'ann', 'web.hold-reason': 'freeze' },
      { mark: 'held', text: 'held by ann: freeze', tone: 'warning' },
    ],
    [
      'waits for a moment that is known: the time left stays in sight',
      { 'web.update-window': '0 22 * * * 1h' },
      {
        mark: 'waits',
        text: 'waits: update-window',
        tone: 'warning',
        until: new Date('2026-03-01T22:00:00Z'),
      },
    ],
    [
      'has a rule that cannot be used',
      { 'web.update-strategy': 'sevmer' },
      { mark: 'failed', text: expect.stringMatching(/^ERROR web.update-strategy "sevmer"/), tone: 'bad' },
    ],
  ])('as decided: %s', async (_, rules, expected) => {
    expect(await stateOf(DECIDED, await image(rules))).toEqual(expected)
  })

  it('says that an image is held where there is nothing newer as well', async () => {
    const held = await image({ 'web.hold': 'true' }, '1.5.0')
    expect(await stateOf(DECIDED, await image({}, '1.5.0'))).toEqual({ text: 'up to date', tone: 'dim' })
    expect(await stateOf(DECIDED, held)).toEqual({ mark: 'held', text: 'up to date, held', tone: 'dim' })
    expect(await stateOf(applied({}), held)).toMatchObject({ mark: 'held', text: 'applied, Healthy, held' })
  })

  it('says why just this needs a person', async () => {
    const major = await image({ 'web.max-bump': 'patch' })
    const pending: BoardState = { kind: 'pending', reason: '', since: NOW }
    expect(await stateOf(pending, major)).toMatchObject({
      text: 'approve? 1.4.2 → 1.5.0 is minor (max-bump patch)',
    })
  })
})

describe('a row', () => {
  it('names what tells it apart, and no more', async () => {
    const row: BoardRow = { image: await image(), next: NOW, state: DECIDED }
    const common = { application: 'shop', available: '1.5.0', image: 'web', next: NOW, running: '1.4.2' }
    const [alone] = new WatchRows(PLACES).liveRows([row])
    expect(alone).toMatchObject(common)
    expect(alone).not.toHaveProperty('context')
    expect(alone).not.toHaveProperty('namespace')
    const places = { contextOf: () => 'prod', severalNamespaces: true }
    expect(new WatchRows(places).liveRows([row])).toMatchObject([
      { ...common, context: 'prod', namespace: 'argocd' },
    ])
  })

  it('is the same object as long as nothing changes', async () => {
    const rows = new WatchRows(PLACES)
    const row: BoardRow = { image: await image(), state: DECIDED }
    const [before] = rows.liveRows([row])
    expect(rows.liveRows([row])[0]).toBe(before)
    expect(rows.liveRows([{ ...row, state: applied() }])[0]).not.toBe(before)
  })
})
