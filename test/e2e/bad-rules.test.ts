import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resourceVersion } from './world/cluster-facts.ts'
import { startWorld, type World } from './world/world.ts'

interface Case {
  readonly name: string
  /** Beside `image-list: app=<image>`; `IMAGE` stands for the image. */
  readonly rules: Readonly<Record<string, string>>
  readonly reason: RegExp
  readonly remedy: RegExp
}

/** One Application each; all in one namespace, so that each must leave the others alone. */
const CASES: readonly Case[] = [
  {
    name: 'empty-list',
    rules: { 'image-list': ' , ' },
    reason: /image-list.*empty/,
    remedy: /alias=registry\/repository/,
  },
  { name: 'no-reference', rules: { 'image-list': 'app=' }, reason: /image-list "app="/, remedy: /./ },
  {
    name: 'no-constraint',
    rules: { 'image-list': 'app=IMAGE:production', 'app.update-strategy': 'semver' },
    reason: /"production" is none/,
    remedy: /digest/,
  },
  { name: 'half-constraint', rules: { 'image-list': 'app=IMAGE:>=' }, reason: />=/, remedy: /./ },
  {
    name: 'no-tag-to-follow',
    rules: { 'app.update-strategy': 'digest' },
    reason: /tag/,
    remedy: /./,
  },
  {
    name: 'strategy',
    rules: { 'app.update-strategy': 'newset-build' },
    reason: /"newset-build" is not an update strategy/,
    remedy: /newest-build/,
  },
  {
    name: 'allow-without-keyword',
    rules: { 'app.allow-tags': '^v1' },
    reason: /app\.allow-tags "\^v1": .*no keyword/,
    remedy: /regexp:\^v1/,
  },
  {
    name: 'allow-unknown-keyword',
    rules: { 'app.allow-tags': 'glob:v1*' },
    reason: /unknown keyword/,
    remedy: /regexp:/,
  },
  {
    name: 'allow-pattern',
    rules: { 'app.allow-tags': 'regexp:(' },
    reason: /app\.allow-tags.*\(/,
    remedy: /./,
  },
  {
    name: 'filter-pattern',
    rules: { 'app.image-tag-filter': '^(?!rc)' },
    reason: /app\.image-tag-filter/,
    remedy: /./,
  },
  { name: 'ignore-glob', rules: { 'app.ignore-tags': 'v1[' }, reason: /app\.ignore-tags/, remedy: /./ },
  {
    name: 'tag-pattern',
    rules: { 'app.tag-pattern': '^v(.*)$' },
    reason: /app\.tag-pattern.*version/,
    remedy: /./,
  },
  {
    name: 'platform',
    rules: { 'app.platforms': 'linux/amd64,solaris' },
    reason: /"solaris" is not a platform/,
    remedy: /linux\/amd64/,
  },
  {
    name: 'interval-words',
    rules: { 'app.image-poll-interval': 'daily' },
    reason: /"daily" is not a duration/,
    remedy: /5m/,
  },
  {
    name: 'interval-short',
    rules: { 'app.image-poll-interval': '1s' },
    reason: /"1s" is out of range/,
    remedy: /10s/,
  },
  {
    name: 'boolean',
    rules: { 'app.force-update': 'perhaps' },
    reason: /app\.force-update.*perhaps/,
    remedy: /true/,
  },
  { name: 'pin', rules: { 'app.pin-digest': 'ja' }, reason: /app\.pin-digest.*ja/, remedy: /true/ },
  {
    name: 'write-back',
    rules: { 'write-back-method': 'carrier-pigeon' },
    reason: /write-back-method.*carrier-pigeon/,
    remedy: /application/,
  },
  {
    name: 'hold',
    rules: { 'app.hold': 'maybe' },
    reason: /neither true nor false/,
    remedy: /Write "true" or "false"/,
  },
]

interface Item {
  readonly application: string
  readonly decision: string
  readonly reason: string
  readonly remedy: string
}

let world: World
let items: readonly Item[]
let code: number | undefined

beforeAll(async () => {
  world = await startWorld()
  const image = world.repository('web')
  for (const tag of ['1.4.0', '1.5.0']) await world.push('web', tag)
  const images = { app: `${image}:1.4.0` }
  const rules = { 'image-list': `app=${image}` }
  for (const { name, rules: bad } of CASES) {
    const written = Object.entries(bad).map(([key, value]) => [key, value.replaceAll('IMAGE', image)])
    await world.deploy({ name, images, rules: { ...rules, ...Object.fromEntries(written) } })
  }
  await world.deploy({ name: 'good', images, rules })
  await world.settle()
  const checked = await world.run(['check', '-o', 'json'])
  items = JSON.parse(checked.stdout).items
  code = checked.code
})
afterAll(() => world?.close())

describe('a faulty rule', () => {
  it.each(CASES)('$name: says what is wrong and what would be right', ({ name, reason, remedy }) => {
    const own = items.filter(({ application, decision }) => application === name && decision === 'error')
    expect(own).toHaveLength(1)
    expect(own[0]?.reason).toMatch(reason)
    expect(own[0]?.remedy).toMatch(remedy)
    expect(own[0]?.reason).not.toContain('\n')
  })

  it('makes check end with 1, or 2 where 1 means something else', async () => {
    expect(code).toBe(1)
    expect(await world.run(['check', '--exit-code'])).toMatchObject({ code: 2 })
  })

  it('does not stop the Application whose rule is right', () => {
    expect(items.find(({ application }) => application === 'good')).toMatchObject({ decision: 'update' })
  })

  it('is never acted upon: update says one line each, applies the good one, and ends with 1', async () => {
    const names = CASES.map(({ name }) => name)
    const versions = () => Promise.all(names.map((name) => resourceVersion(world, 'Application', name)))
    const before = await versions()
    const updated = await world.run(['update', '--yes'])
    expect(updated.code).toBe(1)
    expect(updated.stdout).toContain('application.argoproj.io/good updated: image app 1.4.0 → 1.5.0')
    expect(await versions()).toEqual(before)
    const errors = updated.stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(errors).toHaveLength(CASES.length)
    for (const { name, reason, remedy } of CASES) {
      const own = errors.filter((line) => line.startsWith(`error: ${name} `))
      expect(own, name).toEqual([expect.stringMatching(reason)])
      expect(own[0]).toMatch(remedy)
    }
  })

  it('is shown by list, which ends with 1 too', async () => {
    const listed = await world.run(['list', '-o', 'json'])
    expect(listed.code).toBe(1)
    const faulty = (JSON.parse(listed.stdout).items as { application: string; error: unknown }[]).filter(
      ({ error }) => error !== null,
    )
    expect(faulty.map(({ application }) => application).toSorted()).toEqual(
      CASES.map(({ name }) => name).toSorted(),
    )
  })
})

describe('one image-list with an entry that cannot be read', () => {
  it('keeps the other entries going', async () => {
    const image = world.repository('web')
    await world.deploy({
      name: 'half',
      namespace: world.otherNamespace,
      images: { app: `${image}:1.4.0` },
      labels: { part: 'half' },
      rules: { 'image-list': `app=${image}, side=${image}:>=1.0,<2.0` },
    })
    await world.settle()
    const { code, stdout } = await world.run(['check', '-n', world.otherNamespace, '-l', 'part=half'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^half +app +1\.4\.0 +1\.5\.0 .*set kustomize image$/m)
    expect(stdout).toMatch(/^half +side .*ERROR .*a comma separates images/m)
  })
})

describe('an annotation that nothing reads', () => {
  it('is a warning that names the nearest key, and the image is handled all the same', async () => {
    const image = world.repository('web')
    await world.deploy({
      name: 'typo',
      namespace: world.otherNamespace,
      images: { app: `${image}:1.5.0` },
      rules: { 'image-list': `app=${image}`, 'app.update-stratgy': 'semver', 'ap.allow-tags': 'any' },
    })
    await world.settle()
    const checked = await world.run(['check', '-n', world.otherNamespace, 'typo'])
    expect(checked.code).toBe(0)
    expect(checked.stdout).toContain('up to date')
    expect(checked.stderr).toMatch(/^Warning: .*update-stratgy.*update-strategy/m)
    expect(checked.stderr).toMatch(/^Warning: .*"ap".*app\.allow-tags/m)
  })
})
