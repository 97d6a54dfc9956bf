import { describe, expect, it } from 'vitest'
import { isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import type { ToldEvent, WatchEvent } from '../../src/lib/engine/watch-event.ts'
import { UserError } from '../../src/lib/errors.ts'
import { chooseColour } from '../../src/lib/terminal/colour.ts'
import { type EventText, eventText } from '../../src/lib/terminal/event-text.ts'
import { watchLines } from '../../src/lib/terminal/watch-lines.ts'
import { WatchPrinter } from '../../src/lib/terminal/watch-printer.ts'
import { checkedRows } from './checked-rows.ts'

const plain = chooseColour('never', {}, {})
// Without a zone: the clock of the lines is that of the person who reads them.
const AT = new Date('2026-03-01T14:02:11')
const SOON = new Date(AT.getTime() + 40_000)
const images = await checkedRows(
  { 'org/api': { '2.0.0': {} }, 'org/web': { '1.5.0': {} } },
  {
    kustomize: ['org/web:1.4.2'],
    live: ['org/api:2.0.0', 'org/web:1.4.2'],
    rules: {
      'faulty.update-strategy': 'sevmer',
      'image-list': 'web=org/web, api=org/api, faulty=org/x',
    },
  },
)
const image = images.find(isUpdatable) as UpdatableImage
const error = new UserError('forbidden\u001b[2J', 'Ask for access')
const origin = { kind: 'annotation', object: 'argocd/shop' } as const

describe('watchLines tells each event in one line', () => {
  it.each<[string, ToldEvent, string[]]>([
    [
      'a cycle: the rows that changed',
      { at: AT, changed: images, images, nextAt: SOON, polls: new Map(), type: 'cycle' },
      [
        '14:02:11  shop/web 1.4.2 → 1.5.0: set kustomize image',
        '14:02:11  shop/api 2.0.0: up to date',
        '14:02:11  shop/faulty: ERROR faulty.update-strategy "sevmer": "sevmer" is not an update strategy. Write semver',
      ],
    ],
    [
      'a cycle without a change',
      { at: AT, changed: [], images, nextAt: SOON, polls: new Map(), type: 'cycle' },
      [],
    ],
    [
      'a cluster that cannot be read',
      { at: AT, error, nextAt: SOON, type: 'cycle-failed' },
      ['14:02:11  forbidden^[[2J. Ask for access; next try in 40s'],
    ],
    [
      'problems, the same ones of several Applications together',
      {
        at: AT,
        problems: ['shop', 'billing'].map((name) => ({
          alias: 'app',
          key: 'app.update-strategy',
          origin: { ...origin, object: `argocd/${name}` },
          problem: 'is a former name',
          remedy: 'Write newest-build',
          severity: 'warning',
          value: 'latest\n',
        })),
        type: 'problems',
      },
      [
        '14:02:11  argocd/shop, argocd/billing: app.update-strategy "latest\\n": is a former name. Write newest-build',
      ],
    ],
    [
      'an update that waits',
      { at: AT, image, reason: '--approve ask', since: new Date(AT.getTime() - 7_200_000), type: 'pending' },
      [
        '14:02:11  shop/web 1.4.2 → 1.5.0: needs approval: --approve ask, since 120m (kubectl image-updater update)',
      ],
    ],
    [
      'a no',
      { at: AT, image, type: 'declined' },
      ['14:02:11  shop/web 1.4.2 → 1.5.0: declined, not asked again for this version'],
    ],
    [
      'a write',
      { at: AT, dryRun: false, image, type: 'applied' },
      ['14:02:11  shop/web 1.4.2 → 1.5.0 applied: set kustomize image'],
    ],
    [
      'a dry run',
      { at: AT, dryRun: true, image, type: 'applied' },
      ['14:02:11  shop/web 1.4.2 → 1.5.0 would be applied (dry run): set kustomize image'],
    ],
    [
      'nothing left to write',
      { at: AT, image, reason: 'somebody else wrote it already', type: 'unchanged' },
      ['14:02:11  shop/web: somebody else wrote it already'],
    ],
    [
      'a write that failed',
      { at: AT, error, image, type: 'apply-failed' },
      ['14:02:11  shop/web not applied: forbidden^[[2J. Ask for access'],
    ],
  ])('%s', (_name, event, lines) => {
    expect(watchLines(event, plain)).toEqual(lines)
  })
})

describe('WatchPrinter', () => {
  function printed(manner: 'people' | EventText, ...events: WatchEvent[]): string {
    let text = ''
    const printer = new WatchPrinter({ write: (part) => (text += part) }, { manner, paint: plain })
    for (const event of events) printer.print(event)
    return text
  }
  const cycle: WatchEvent = {
    at: AT,
    changed: images.slice(0, 1),
    images,
    nextAt: SOON,
    polls: new Map(),
    type: 'cycle',
  }
  const stopped = (cycles: number, declined: number, seen = images): WatchEvent => ({
    at: AT,
    summary: { applied: 1, cycles, declined, dryRun: false, failed: 0, images: seen },
    type: 'stopped',
  })

  it('shows people a table first, then lines, then a table and a summary', () => {
    const text = printed(
      'people',
      cycle,
      cycle,
      { at: AT, dryRun: false, image, type: 'applied' },
      stopped(2, 1),
    )
    const lines = text.split('\n').map((line) => line.replace(/ {3,}.*/, ''))
    expect(lines).toEqual([
      'APPLICATION',
      'shop',
      'shop',
      'shop',
      '',
      '14:02:11  shop/web 1.4.2 → 1.5.0: set kustomize image',
      '14:02:11  shop/web 1.4.2 → 1.5.0 applied: set kustomize image',
      '',
      'APPLICATION',
      'shop',
      'shop',
      'shop',
      '',
      'Stopped: 2 polls, 1 applied, 1 declined, 0 failed.',
      '',
    ])
  })

  it('shows no empty table', () => {
    expect(printed('people', stopped(1, 0, []))).toBe('\nStopped: 1 poll, 1 applied, 0 failed.\n')
  })

  it('prints one line of JSON for each event', () => {
    const lines = printed(
      eventText({ kind: 'json' }),
      cycle,
      { at: AT, error, image, type: 'apply-failed' },
      stopped(1, 0),
    )
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['cycle', 'apply-failed', 'stopped'])
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  })
})
