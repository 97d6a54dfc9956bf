import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, type TestContext, vi } from 'vitest'
import { PROGRAM_WORDS } from '../program.ts'
import { resourceVersion, sourceOf } from './world/cluster-facts.ts'
import { openLive, SHELL } from './world/live.ts'
import { needs } from './world/requirement.ts'
import { openProgram } from './world/terminal.ts'
import { startWorld, type World, type WorldOptions } from './world/world.ts'

vi.setConfig({ testTimeout: 90_000 })
beforeEach((test) => needs('tmux', test))

/** Applications in every state that a table shows at the start. */
async function openWorld(test: TestContext, options?: WorldOptions): Promise<World> {
  const world = await startWorld(options)
  test.onTestFinished(() => world.close())
  const image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0', '1.2.0', '2.0.0']) await world.push('web', tag)
  const deploy = (name: string, rules: Record<string, string>, tag = '1.0.0') =>
    world.deploy({
      images: { web: `${image}:${tag}` },
      name,
      rules: { 'image-list': `web=${image}:1.x`, ...rules },
    })
  await deploy('billing', { 'image-list': `web=${image}`, 'web.max-bump': 'minor' })
  await deploy('current', {}, '1.2.0')
  await deploy('frozen', { 'web.hold': 'true', 'web.hold-by': 'ann', 'web.hold-reason': 'freeze' })
  await deploy('ledger', { 'web.min-age': '24h' })
  await deploy('legacy', { 'web.update-strategy': 'sevmer' })
  await deploy('shop', {})
  await world.settle()
  return world
}

async function temporaryFile(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'image-updater-live-'))
  test.onTestFinished(() => rm(folder, { force: true, recursive: true }))
  return join(folder, 'recording')
}

const BLANK = ''
const HELP = [
  ' Keys',
  '   k, j         move up, down (or the arrow keys)',
  '   PgUp, PgDn   move by a screen',
  '   g, G         first row, last row (or Home, End)',
  BLANK,
  '   Enter        explain the row: every tag, and why',
  '   a            approve the update of the row',
  '   A            approve all updates that are shown',
  '   d            show what would be written',
  '   s            skip this tag, and wait for the next',
  '   h            hold the image, or resume it',
  '   H            show earlier images',
  '   r            poll now',
  '   p            pause polling, or go on',
  '   /            filter the rows; Esc shows all again',
  '   l            show or hide the log',
  '   ?            show this help',
  '   q            quit',
  BLANK,
  '   Ctrl-L       draw the screen again',
  '   Ctrl-Z       suspend; fg brings it back',
  '   Ctrl-C       stop: a write in progress is finished first',
  BLANK,
  '   ◆            an update asks for your approval',
  '   ✔            an update was applied',
  '   ◌            under way',
  '   ◷            an update waits, and why',
  '   ■            held',
  '   ✖            failed, or a rule that cannot be used',
]

describe('the screens', () => {
  it('are these on 80×24', async (test) => {
    const world = await openWorld(test)
    const live = await openLive(test, world, [], { columns: 80, lines: 24 })
    await live.sees((lines) =>
      expect(lines).toEqual([
        ' image-updater   end-to-end/e2e-world   next 2m   ● running',
        ' APPLICATION  IMAGE  RUNNING  AVAILABLE  STATE                             NEXT',
        '▸billing      web    1.0.0    2.0.0      ◆ approve? 1.0.0 → 2.0.0 is… #s  next',
        ' current      web    1.2.0    1.2.0      up to date                        next',
        ' frozen       web    1.0.0    1.2.0      ■ held by ann: freeze             next',
        ' ledger       web    1.0.0    1.2.0      ◷ waits: min-age 23h              next',
        ' legacy       web    -        -          ✖ ERROR web.update-strategy "se…',
        ' shop         web    1.0.0    1.2.0      ◆ approve? #s  next',
        ...Array.from({ length: 11 }, () => BLANK),
        '─'.repeat(80),
        ' hh:mm:ss  billing/web 1.0.0 → 2.0.0: needs approval: 1.0.0 → 2.0.0 is major (m…',
        ' hh:mm:ss  shop/web 1.0.0 → 1.2.0: needs approval: --approve ask (kubectl image…',
        BLANK,
        ' ⏎ explain  a approve  A all  d diff  s skip  h hold  ? help  q quit        1/6',
      ]),
    )
    await live.press('End', 'a')
    await live.sees((lines) =>
      expect(lines).toEqual([
        ' Approve',
        '   application.argoproj.io/shop',
        '     spec.source.kustomize.images[0]',
        ' +     registry/e2e-world/web:1.2.0',
        '     noted in its history: web 1.0.0 → 1.2.0 by me',
        '     registry/e2e-world/web:1.2.0 is',
        ' sha256:digest',
        ...Array.from({ length: 14 }, () => BLANK),
        '─'.repeat(80),
        ' Apply to shop in context end-to-end, namespace e2e-world?',
        ' y yes  n no (default)',
      ]),
    )
    await live.press('n')
    await live.table()
    await live.press('?')
    await live.sees((lines) =>
      expect(lines).toEqual([
        ...HELP.slice(0, 23),
        ' Esc close  ↑↓ scroll  / search  n next                                   22/28',
      ]),
    )
  })

  it('are these on 200×50', async (test) => {
    const world = await openWorld(test)
    const live = await openLive(test, world, [], { columns: 200, lines: 50 })
    const blanks = (count: number) => Array.from({ length: count }, () => BLANK)
    const row = (start: string, state: string) => `${start.padEnd(41)}${state}`
    await live.sees((lines) => {
      // The column NEXT is at the right end.
      expect(lines.map((line) => line.replace(/ +(next|NEXT)$/, ''))).toEqual([
        ' image-updater   end-to-end/e2e-world   6 apps · 6 images   poll 2m   next 2m   n req/min   ● running',
        row(' APPLICATION  IMAGE  RUNNING  AVAILABLE', 'STATE'),
        row('▸billing      web    1.0.0    2.0.0', '◆ approve? 1.0.0 → 2.0.0 is major (max-bump minor) #s'),
        row(' current      web    1.2.0    1.2.0', 'up to date'),
        row(' frozen       web    1.0.0    1.2.0', '■ held by ann: freeze'),
        row(' ledger       web    1.0.0    1.2.0', '◷ waits: min-age 23h'),
        row(
          ' legacy       web    -        -',
          '✖ ERROR web.update-strategy "sevmer": "sevmer" is not an update strategy. Write semver',
        ),
        row(' shop         web    1.0.0    1.2.0', '◆ approve? #s'),
        ...blanks(32),
        '─'.repeat(200),
        ' hh:mm:ss  billing/web 1.0.0 → 2.0.0: needs approval: 1.0.0 → 2.0.0 is major (max-bump minor) (kubectl image-updater update)',
        ' hh:mm:ss  shop/web 1.0.0 → 1.2.0: needs approval: --approve ask (kubectl image-updater update)',
        ...blanks(6),
        ` ↑↓ move  ⏎ explain  a approve  A all  d diff  s skip  h hold  r poll now  p pause  / filter  l log  ? help  q quit${' '.repeat(81)}1/6`,
      ])
    })
    await live.press('End', 'a')
    await live.sees((lines) =>
      expect(lines).toEqual([
        ' Approve',
        '   application.argoproj.io/shop',
        '     spec.source.kustomize.images[0]',
        ' +     registry/e2e-world/web:1.2.0',
        '     noted in its history: web 1.0.0 → 1.2.0 by me',
        '     registry/e2e-world/web:1.2.0 is sha256:digest',
        ...blanks(41),
        '─'.repeat(200),
        ' Apply to shop in context end-to-end, namespace e2e-world?',
        ' y yes  n no (default)',
      ]),
    )
    await live.press('n')
    await live.table()
    await live.press('?')
    await live.sees((lines) =>
      expect(lines).toEqual([...HELP, ...blanks(20), ' Esc close  / search  n next']),
    )
  })
})

describe.each([
  [80, 24],
  [200, 50],
])('every key on %i×%i', (columns, lines) => {
  it('does what the help says', async (test) => {
    const world = await openWorld(test)
    const live = await openLive(test, world, [], { columns, lines })
    const selected = (name: string) =>
      live.sees((seen) => expect(seen.find((line) => line.startsWith('▸'))).toMatch(`▸${name} `))
    const annotations = async (name: string) =>
      (await world.read('Application', world.namespace, name))['metadata'] as {
        annotations: Record<string, string>
      }
    expect(await live.modes()).toEqual({ alternateScreen: true, cursorVisible: false, wrapsLines: false })

    await live.press('Down')
    await selected('current')
    await live.press('j', 'j')
    await selected('ledger')
    await live.press('k', 'Up')
    await selected('current')
    await live.press('NPage')
    await selected('shop')
    await live.press('PPage')
    await selected('billing')
    await live.press('End')
    await selected('shop')
    await live.press('Home')
    await selected('billing')

    await live.press('Enter')
    await live.shows('2.0.0: highest version')
    await live.press('q')
    await live.table()
    await live.press('d')
    await live.sees((seen) => {
      expect(seen[0]).toBe(' billing/web · diff')
      expect(seen.join('\n')).toContain('+     registry/e2e-world/web:2.0.0')
    })
    await live.press('Escape')
    await live.table()
    await live.press('H')
    await live.shows('Neither Argo CD nor this tool knows of a change.')
    await live.press('q')
    await live.table()

    await live.press('A')
    await live.shows(/Apply 2 updates to 2 Applications \(Context end-to-end · namespace/)
    await live.press('Enter')
    await live.shows('nothing was written')
    await live.press('a')
    await live.shows('1.0.0 → 2.0.0 is major (max-bump minor). Apply to billing')
    await live.press('n')
    await live.shows('nothing was written')
    expect(await sourceOf(world, 'billing')).not.toHaveProperty('kustomize')
    await live.press('s')
    await live.shows('Skip 2.0.0 for billing/web in context end-to-end, namespace')
    await live.press('y')
    await live.row('billing', /1\.0\.0 +1\.2\.0 +◆ approve\?/)
    expect((await annotations('billing')).annotations).toMatchObject({
      'argocd-image-updater.argoproj.io/web.skip-tags': '2.0.0',
    })

    await live.press('h')
    await live.shows(/Hold billing\/web .*Why/)
    await live.type('release freeze')
    await live.press('Enter')
    await live.row('billing', /■ held by \S+ .*release freeze|■ held by/)
    await live.press('h')
    await live.shows('Resume billing/web in context end-to-end, namespace')
    await live.press('y')
    await live.row('billing', /◆ approve\?/)

    await live.press('G', 'a')
    await live.shows('Apply to shop in context end-to-end')
    await live.press('y')
    await live.row('shop', /✔ applied, Healthy/)
    expect(await sourceOf(world, 'shop')).toMatchObject({
      kustomize: { images: [`${world.repository('web')}:1.2.0`] },
    })
    await live.press('H')
    await live.sees((seen) => {
      expect(seen[0]).toBe(' shop/web · history')
      expect(seen.join('\n')).toMatch(/1\.0\.0.* 1\.2\.0/)
    })
    await live.press('q')
    await live.table()

    await live.press('p')
    await live.sees((seen) => expect(seen[0]).toMatch(/○ paused$/))
    await world.push('web', '1.3.0')
    await live.press('r')
    await live.shows('paused: p goes on')
    await live.press('p')
    await live.sees((seen) => expect(seen[0]).toMatch(/● running$/))
    await live.press('r')
    await live.row('shop', /1\.2\.0 +1\.3\.0 +◆ approve\?/)

    await live.press('l')
    await live.sees((seen) => expect(seen.join('\n')).not.toContain('hh:mm:ss'))
    await live.press('l')
    await live.sees((seen) => expect(seen.join('\n')).toContain('hh:mm:ss'))
    await live.press('/')
    await live.type('fro')
    await live.sees((seen) => {
      expect(seen[2]).toMatch(/^▸frozen/)
      expect(seen[3]).toBe('')
    })
    await live.press('Enter')
    await live.sees((seen) => expect(seen.at(-1)).toMatch(/1\/1 of 6 {2}\/fro$/))
    await live.press('Escape')
    await live.sees((seen) => expect(seen.at(-1)).toMatch(/ \d\/6$/))
    await live.press('?')
    await live.shows('skip this tag, and wait for the next')
    await live.press('q')
    await live.table()
    await live.press('q')
    expect(await live.exitCode()).toBe(0)
    expect(await live.screen()).toMatch(/Stopped: \d+ polls, 1 applied, 0 failed\.\n/)
    expect(await live.modes()).toEqual(SHELL)
  })
})

describe('the terminal', () => {
  it('may change its size while a page or a question is open', async (test) => {
    const world = await openWorld(test)
    const live = await openLive(test, world, [], { columns: 80, lines: 24 })
    await live.press('?')
    await live.sees((seen) => expect(seen.at(-1)).toContain('22/28'))
    await live.resize(200, 50)
    await live.sees((seen) => expect(seen.slice(0, HELP.length)).toEqual(HELP))
    await live.press('q', 'G', 'a')
    await live.sees((seen) => expect(seen.at(-2)).toMatch(/^ Apply to shop in context/))
    await live.resize(60, 12)
    await live.sees((seen) => {
      expect(seen).toHaveLength(12)
      expect(seen.slice(-3).join('')).toMatch(/Apply to shop in context.*y yes {2}n no/)
    })
    await live.resize(80, 24)
    await live.press('y')
    await live.row('shop', /applied/)
  })

  it('belongs to the shell while the watch is suspended; Ctrl-C ends it with 130 and a summary', async (test) => {
    const world = await openWorld(test)
    const live = await openLive(test, world, [], { columns: 100, jobControl: true, lines: 24 })
    await live.press('C-z')
    expect(await live.exitCode()).toBe(148)
    expect(await live.modes()).toEqual(SHELL)
    await live.type('fg')
    await live.press('Enter')
    await live.row('shop', /approve/)
    expect(await live.modes()).toMatchObject({ alternateScreen: true, cursorVisible: false })
    await live.press('C-c')
    expect(await live.exitCode()).toBe(130)
    expect(await live.modes()).toEqual(SHELL)
    expect(await live.screen()).toMatch(
      /^shop +web +1\.0\.0 +1\.2\.0 .*\n\nStopped: 1 poll, 0 applied, 0 failed\.$/m,
    )
    await live.type('stty -a')
    await live.press('Enter')
    await live.shows(/ icanon.* echo /s)
  })
})

describe('a write in progress', () => {
  /** The write of shop is under way until `go` is called. */
  async function openWriting(test: TestContext) {
    const world = await openWorld(test, { detours: true })
    const arrived = Promise.withResolvers<void>()
    const { promise, resolve: go } = Promise.withResolvers<void>()
    test.onTestFinished(() => go())
    if (!world.api) throw new Error('a world without a detour')
    world.api.intercept = async (line) => {
      if (!/^PATCH .*\/applications\/shop\b/.test(line)) return undefined
      arrived.resolve()
      await promise
      return undefined
    }
    const live = await openLive(test, world, [], { columns: 80, lines: 24 })
    await live.press('G', 'a')
    await live.shows('Apply to shop')
    await live.press('y')
    await arrived.promise
    await live.row('shop', /◌ applying/)
    return { go, live, world }
  }
  const written = async (world: World) =>
    expect(await sourceOf(world, 'shop')).toMatchObject({
      kustomize: { images: [`${world.repository('web')}:1.2.0`] },
    })

  it('is finished after Ctrl-C', async (test) => {
    const { go, live, world } = await openWriting(test)
    await live.press('C-c')
    await live.sees((seen) => expect(seen[0]).toMatch(/● stopping$/))
    await live.shows('Stopping; Ctrl-C again leaves at once.')
    go()
    expect(await live.exitCode()).toBe(130)
    expect(await live.screen()).toContain('Stopped: 1 poll, 1 applied, 0 failed.')
    await written(world)
  })

  it('is left behind by a second Ctrl-C, and the terminal given back', async (test) => {
    const { live } = await openWriting(test)
    await live.press('C-c')
    await live.sees((seen) => expect(seen[0]).toMatch(/● stopping$/))
    await live.press('C-c')
    expect(await live.exitCode()).toBe(130)
    expect(await live.modes()).toEqual(SHELL)
  })

  it('is finished when the terminal goes away, and the process ends', async (test) => {
    const { go, live, world } = await openWriting(test)
    const id = await live.processId()
    await live.hangUp()
    go()
    await vi.waitFor(() => expect(() => process.kill(id, 0)).toThrow('ESRCH'), { timeout: 30_000 })
    await written(world)
  })
})

describe('where no table can be shown', () => {
  const command = [...PROGRAM_WORDS, 'watch', 'shop', '--approve', 'auto']
  it.for<[name: string, words: readonly string[]]>([
    ['TERM=dumb', ['env', 'TERM=dumb', ...command]],
    ['--plain', [...command, '--plain']],
    ['a pipe', ['sh', '-c', `"$0" "$@" | (trap '' INT; exec cat)`, ...command]],
  ])('%s: one line an event', async ([, words], test) => {
    const world = await openWorld(test)
    const terminal = await openProgram(words, world.env)
    test.onTestFinished(() => terminal.close())
    await terminal.shows(/^\d\d:\d\d:\d\d {2}shop\/web 1\.0\.0 → 1\.2\.0 applied: set kustomize image$/m)
    await terminal.shows(/^\d\d:\d\d:\d\d {2}shop: Healthy$/m)
    expect(await terminal.screen()).toMatch(
      /^APPLICATION +IMAGE +RUNNING +AVAILABLE +PUSHED +ACTION\nshop +web/m,
    )
    expect(await terminal.modes()).toEqual(SHELL)
    await terminal.press('C-c')
    await terminal.shows('Stopped: 1 poll, 1 applied, 0 failed.')
  })
})

describe('the flags of a screen', () => {
  it('NO_COLOR takes the colours, and nothing of the meaning', async (test) => {
    const recording = await temporaryFile(test)
    const world = await openWorld(test)
    const plain = { ...world, env: { ...world.env, NO_COLOR: '1' } }
    const live = await openLive(test, plain, ['--bell'], { columns: 80, lines: 24, recording })
    await live.row('shop', /◆ approve\?/)
    await live.press('q')
    await live.exitCode()
    const bytes = await readFile(recording, 'utf8')
    expect(bytes).toContain('approve?')
    expect(bytes).not.toMatch(/\u001b\[[0-9;]*[1-9][0-9;]*m/)
    expect(bytes).toContain('\u0007')
  })

  it('there are colours, and no bell, where nobody asks for it', async (test) => {
    const recording = await temporaryFile(test)
    const live = await openLive(test, await openWorld(test), [], { columns: 80, lines: 24, recording })
    await live.row('shop', /◆ approve\?/)
    await live.press('q')
    await live.exitCode()
    const bytes = await readFile(recording, 'utf8')
    expect(bytes).toMatch(/\u001b\[[0-9;]*[1-9][0-9;]*m/)
    expect(bytes).not.toContain('\u0007')
  })

  it('--read-only answers the keys that write, and writes nothing', async (test) => {
    const world = await openWorld(test)
    const before = await resourceVersion(world, 'Application', 'shop')
    const live = await openLive(test, world, ['--read-only', '--approve', 'auto'], { columns: 80, lines: 24 })
    await live.sees((seen) => expect(seen[0]).toMatch(/read-only {3}● running$/))
    await live.row('shop', /◆ approve\?/)
    await live.press('G')
    for (const [key, word] of [
      ['a', 'approve'],
      ['A', 'all'],
      ['s', 'skip'],
      ['h', 'hold'],
    ] as const) {
      await live.press(key)
      await live.shows(`This watch is read-only: ${word} is not available.`)
    }
    await live.press('d')
    await live.sees((seen) => expect(seen[0]).toBe(' shop/web · diff'))
    await live.press('q', 'q')
    expect(await live.exitCode()).toBe(0)
    expect(await resourceVersion(world, 'Application', 'shop')).toBe(before)
  })

  it.for(['client', 'server'])(
    '--dry-run=%s shows what would happen, and writes nothing',
    async (way, test) => {
      const world = await openWorld(test)
      const before = await resourceVersion(world, 'Application', 'shop')
      const live = await openLive(test, world, [`--dry-run=${way}`], { columns: 80, lines: 24 })
      await live.sees((seen) => expect(seen[0]).toMatch(/dry run {3}● running$/))
      await live.press('G', 'a')
      await live.shows('Apply to shop')
      await live.press('y')
      await live.row('shop', /✔ would be applied \(dry run\)/)
      await live.press('h')
      await live.shows(/Hold shop\/web/)
      await live.press('Enter')
      await live.shows('shop/web held (dry run)')
      await live.press('q')
      expect(await live.exitCode()).toBe(0)
      expect(await resourceVersion(world, 'Application', 'shop')).toBe(before)
    },
  )
})
