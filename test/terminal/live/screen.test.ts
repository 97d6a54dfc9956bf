import { describe, expect, it } from 'vitest'
import type { LiveHeader, LiveRow } from '../../../src/lib/terminal/live/live-row.ts'
import { LiveTable } from '../../../src/lib/terminal/live/live-table.ts'
import type { Look } from '../../../src/lib/terminal/live/look.ts'
import type { Size } from '../../../src/lib/terminal/live/screen.ts'
import { ASCII, COLOURED, keys, LARGE, PLAIN, SMALL, shown } from './drawn.ts'
import { HEADER, manyRows, NOW, ROWS, secondsOn } from './rows.ts'

interface Drawing {
  readonly rows?: readonly LiveRow[]
  readonly header?: LiveHeader
  readonly size?: Size
  readonly look?: Look
  readonly readOnly?: boolean
  /** Bytes of a keyboard. */
  readonly typed?: string
}

function draw(drawing: Drawing = {}): string[] {
  const { rows = ROWS, header = HEADER, size = SMALL, look = PLAIN, readOnly = false, typed = '' } = drawing
  const table = new LiveTable(look, readOnly)
  table.header = header
  table.setRows(rows)
  table.log({ at: NOW, text: 'shop/web 1.4.2 → 1.5.0 applied (approved by you)' })
  table.log({ at: secondsOn(1), text: [{ text: 'registry ghcr.io slow', tone: 'warning' }] })
  for (const key of keys(typed)) table.press(key)
  return shown(table.draw(size, NOW), size)
}

const FEW_LINES = { columns: 80, rows: 9 }
const EMPTY = (count: number) => Array<string>(count).fill('')

describe('the table', () => {
  it('on 80×24: long names are shortened in the middle, the state keeps most', () => {
    expect(draw()).toEqual([
      ' image-updater   prod-eu/argocd   14 apps · 21 images   next 72s      ● running',
      ' APPLICATION  IMAGE  RUNNING      AVAILABLE    STATE                       NEXT',
      '▸gitop…-prod  app    produ…a04de  produ…3b712  ◆ approve?  a yes  s skip   2m',
      ' shop         web    1.5.0        1.5.0        ✔ applied, Synced, Pr… 12s',
      ' shop         api    2.0.1        2.0.1        up to date                  5m',
      ' billing      app    v3.1.0       v4.0.0       ◆ approve? (major)          2m',
      ' ledger       app    1.9.0        1.9.1        ◷ min-age 23h               2m',
      ' legacy       app    -            -            ✖ allow-tags "^v1": write…  2m',
      ...EMPTY(11),
      '─'.repeat(80),
      ' 14:02:11  shop/web 1.4.2 → 1.5.0 applied (approved by you)',
      ' 14:02:12  registry ghcr.io slow',
      '',
      ' ⏎ explain  a approve  A all  d diff  s skip  h hold  ? help  q quit        1/6',
    ])
  })

  it('on 200×50: everything whole, contexts and namespaces when there are several', () => {
    const rows = ROWS.map((row) => ({ ...row, context: 'prod-eu', namespace: 'argocd' }))
    const wide = (text: string, end: string) => text.padEnd(200 - end.length) + end
    expect(draw({ rows, size: LARGE })).toEqual([
      wide(
        ' image-updater   prod-eu/argocd   14 apps · 21 images   poll 2m   next 72s   3 req/min',
        '● running ',
      ).trimEnd(),
      wide(
        ' CONTEXT  NAMESPACE  APPLICATION       IMAGE  RUNNING                  AVAILABLE                STATE',
        'NEXT ',
      ).trimEnd(),
      wide(
        '▸prod-eu  argocd     gitops-praq-prod  app    production@9f1c2b7a04de  production@41d8e0c3b712  ◆ approve?  a yes  s skip',
        '2m   ',
      ).trimEnd(),
      ' prod-eu  argocd     shop              web    1.5.0                    1.5.0                    ✔ applied, Synced, Progressing 12s',
      wide(
        ' prod-eu  argocd     shop              api    2.0.1                    2.0.1                    up to date',
        '5m   ',
      ).trimEnd(),
      wide(
        ' prod-eu  argocd     billing           app    v3.1.0                   v4.0.0                   ◆ approve? (major)',
        '2m   ',
      ).trimEnd(),
      wide(
        ' prod-eu  argocd     ledger            app    1.9.0                    1.9.1                    ◷ min-age 23h',
        '2m   ',
      ).trimEnd(),
      wide(
        ' prod-eu  argocd     legacy            app    -                        -                        ✖ allow-tags "^v1": write "regexp:^v1"',
        '2m   ',
      ).trimEnd(),
      ...EMPTY(32),
      '─'.repeat(200),
      ' 14:02:11  shop/web 1.4.2 → 1.5.0 applied (approved by you)',
      ' 14:02:12  registry ghcr.io slow',
      ...EMPTY(6),
      wide(
        ' ↑↓ move  ⏎ explain  a approve  A all  d diff  s skip  h hold  r poll now  p pause  / filter  l log  ? help  q quit',
        '1/6 ',
      ).trimEnd(),
    ])
  })

  it('in ASCII where the terminal knows nothing else', () => {
    const lines = draw({ look: ASCII, size: FEW_LINES })
    expect(lines).toEqual([
      ' image-updater   prod-eu/argocd   14 apps - 21 images   next 72s      * running',
      ' APPLICATION  IMAGE  RUNNING      AVAILABLE    STATE                       NEXT',
      '>gitop~-prod  app    produ~a04de  produ~3b712  ? approve?  a yes  s skip   2m',
      ' shop         web    1.5.0        1.5.0        + applied, Synced, Pr~ 12s',
      ' shop         api    2.0.1        2.0.1        up to date                  5m',
      ' billing      app    v3.1.0       v4.0.0       ? approve? (major)          2m',
      ' ledger       app    1.9.0        1.9.1        ~ min-age 23h               2m',
      ' legacy       app    -            -            x allow-tags "^v1": write~  2m',
      ' Enter explain  a approve  A all  d diff  s skip  h hold  ? help  q quit    1/6',
    ])
    expect(draw({ look: ASCII }).join('')).toMatch(/^[\x20-\x7e]*$/)
  })

  it('says the same in colour: only colours are added', () => {
    expect(draw({ look: COLOURED })).toEqual(draw())
    expect(draw({ look: COLOURED, size: LARGE })).toEqual(draw({ size: LARGE }))
  })

  it.each([
    [40, 10],
    [12, 5],
    [3, 3],
    [1, 1],
    [500, 100],
  ])('fits %i×%i', (columns, rows) => {
    for (const typed of ['', '/shop', 'h', 'A']) {
      draw({ readOnly: true, size: { columns, rows }, typed })
      draw({ rows: [], size: { columns, rows }, typed })
    }
  })

  it('on a narrow screen leaves out what a person needs least to decide', () => {
    expect(draw({ size: { columns: 40, rows: 6 } })).toEqual([
      ' image-updater   prod-e…rgocd ● running',
      ' APPLICATION       IMAGE  STATE',
      '▸gitops-praq-prod  app    ◆ approve?  a…',
      ' shop              web    ✔ applied… 12s',
      ' shop              api    up to date',
      ' ⏎ explain  ? help  q quit          1/6',
    ])
  })
})

describe('texts of others', () => {
  it('can neither move the cursor nor reorder the line, and wide characters keep the columns straight', () => {
    const rows: LiveRow[] = [
      {
        application: 'evil\u001b[2J\n\u202enwod',
        available: '1\u200b.0',
        image: '图像',
        key: '1',
        running: '🚀🚀',
        state: { text: 'e\u0301tat\r' },
      },
      { application: 'a', available: '', image: '', key: '2', running: '', state: { text: '' } },
    ]
    expect(draw({ rows, size: { columns: 100, rows: 5 } }).slice(1, 4)).toEqual([
      ' APPLICATION            IMAGE  RUNNING  AVAILABLE  STATE',
      '▸evil^[[2J\\n\\u202enwod  图像   🚀🚀     1\\u200b.0  e\u0301tat\\r',
      ' a                      -      -        -',
    ])
  })

  it('are cut between characters', () => {
    const name = '图像图像图像图像图像图像图像图像图像图像图像图像图像图像图像图像'
    const rows = ROWS.map((row) => ({
      ...row,
      application: name,
      available: `${name}e\u0301`,
      context: name,
    }))
    for (let columns = 1; columns < 160; columns += 1) draw({ rows, size: { columns, rows: 24 } })
  })
})

describe('the header', () => {
  const first = (header: Partial<LiveHeader>, columns = 110, readOnly = false) =>
    draw({ header: { ...HEADER, ...header }, readOnly, size: { columns, rows: 5 } })[0]

  it('tells the countdown to the next poll, or that one is under way', () => {
    const { nextPoll, ...polling } = HEADER
    expect(nextPoll).toEqual(secondsOn(72))
    expect(draw({ header: { ...polling, phase: 'polling' }, size: { columns: 110, rows: 5 } })[0]).toBe(
      ' image-updater   prod-eu/argocd   14 apps · 21 images   poll 2m   3 req/min                         ● polling',
    )
    expect(first({ nextPoll: secondsOn(600) })).toContain('next 10m')
    expect(first({ nextPoll: secondsOn(-3) })).toContain('next 0s')
  })

  it('always has room for what one must be aware of', () => {
    expect(first({ notes: ['dry run'], phase: 'paused' }, 80, true)).toBe(
      ' image-updater   prod-eu/argocd   next 72s       dry run   read-only   ○ paused',
    )
  })

  it('shortens a long place in the middle', () => {
    const place = 'arn:aws:eks:eu-west-1:123456789012:cluster/production/argocd'
    expect(first({ place }, 80)).toBe(
      ' image-updater   arn:aws:eks:eu-west-…er/production/argocd   next 72s ● running',
    )
  })
})

describe('the last line', () => {
  const last = (drawing: Drawing) => draw(drawing).at(-1)

  it('tells that a read-only watch writes nothing', () => {
    expect(last({ readOnly: true, typed: 'h' })).toBe(
      ' This watch is read-only: hold is not available.                            1/6',
    )
  })

  it('shows the filter while it is typed, and afterwards', () => {
    expect(last({ typed: '/shop' })).toBe(` /shop${' '.repeat(65)}1/2 of 6`)
    expect(last({ typed: '/shop\r' })).toMatch(/q quit +1\/2 of 6 {2}\/shop$/)
    // The selection stays where it was.
    expect(last({ typed: '/shop\u001b' })).toMatch(/ 2\/6$/)
  })

  it('says when the filter leaves nothing', () => {
    expect(draw({ typed: '/nowhere' })[2]).toBe(' No row has "nowhere".')
    expect(draw({ rows: [] })[2]).toBe(' No image here has a rule.')
    const header = { ...HEADER, nothing: 'Asking the cluster …' }
    expect(draw({ header, rows: [] })[2]).toBe(' Asking the cluster …')
  })

  it('shows where in a long list one is', () => {
    expect(last({ rows: manyRows(2_000), typed: 'G' })).toMatch(/ 2000\/2000$/)
  })
})
