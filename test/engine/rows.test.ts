import { describe, expect, it } from 'vitest'
import { runningImages } from '../../src/lib/application/running-images.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { ruleRows } from '../../src/lib/engine/rule-rows.ts'
import {
  currentDigest,
  currentReference,
  disagreements,
  type RunningImage,
} from '../../src/lib/engine/running-image.ts'
import { tagRows } from '../../src/lib/engine/tag-rows.ts'
import { formatImageReference } from '../../src/lib/image/reference.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { type RuleFlags, readFlagRule } from '../../src/lib/rules/flags.ts'
import { digestOf, FakeRegistry } from './fake-registry.ts'
import { type ApplicationText, applicationOf, managedOne, NOW } from './world.ts'

const OLD = digestOf('old')
const NEW = digestOf('new')

describe('ruleRows', () => {
  function rows(withoutRules: boolean, ...applications: ApplicationText[]): string[] {
    const managed = manageImages(applications.map(applicationOf), readAnnotationRules)
    return ruleRows(managed, { now: NOW, withoutRules }).map(
      ({ application, alias, image, rule, fault, live }) => {
        const state = fault ? 'faulty' : rule ? 'rule' : 'none'
        const running = live.map(formatImageReference).join(',')
        return [application.metadata.name, alias, image, state, running].join(' ').trim()
      },
    )
  }
  const shop = {
    live: ['org/web:1.4.2', 'org/db:16'],
    rules: { 'image-list': 'web=org/web, api=org/api', 'api.update-strategy': 'sevmer' },
  }
  const bare = { live: ['org/db:15'], name: 'bare' }

  it('lists each rule with what runs, and each faulty one, in the order of the Applications', () => {
    expect(rows(false, { ...shop, name: 'b' }, bare, { ...shop, name: 'a' })).toEqual([
      'b web org/web rule org/web:1.4.2',
      'b api  faulty',
      'a web org/web rule org/web:1.4.2',
      'a api  faulty',
    ])
  })

  it('lists the images without a rule as well on demand', () => {
    expect(rows(true, shop, bare)).toEqual([
      'shop web org/web rule org/web:1.4.2',
      'shop api  faulty',
      'shop  org/db none org/db:16',
      'bare  org/db none org/db:15',
    ])
  })

  it('shows all versions of an image during a rollout in one row', () => {
    const rollout = { live: ['org/web:1', 'org/web:2'], rules: { 'image-list': 'web=org/web' } }
    expect(rows(true, rollout)).toEqual(['shop web org/web rule org/web:1,org/web:2'])
  })
})

describe('tagRows', () => {
  const tags = {
    '1.0.0': { createdAt: '2026-01-01T00:00:00Z', platforms: ['linux/amd64'] },
    '1.1.0': { createdAt: '2026-02-01T00:00:00Z', platforms: ['linux/amd64', 'linux/arm64'] },
    '1.2.0-rc.1': {},
    main: {},
  }
  async function report(flags: RuleFlags, options: { limit?: number; all?: boolean } = {}) {
    const registry = new FakeRegistry({ 'org/web': tags })
    const { rule } = readFlagRule('org/web', flags)
    const found = await tagRows(registry, rule, { all: false, limit: 20, now: NOW, ...options })
    return { asked: registry.asked, found, tags: found.rows.map(({ tag }) => tag) }
  }

  it('describes the tags that are left, best first', async () => {
    const { asked, found } = await report({})
    expect(asked).toEqual(['list org/web', 'describe org/web:1.1.0', 'describe org/web:1.0.0'])
    expect(found.rows[0]).toMatchObject({
      createdAt: new Date('2026-02-01T00:00:00Z'),
      digest: digestOf('1.1.0'),
      platforms: [{ architecture: 'amd64' }, { architecture: 'arm64' }],
      verdict: { outcome: 'winner' },
    })
    expect(found).toMatchObject({
      candidates: 2,
      dropped: { 'pre-release': 1, version: 1 },
      image: 'org/web',
    })
  })

  it.each([
    ['a limit', { limit: 1 }, ['1.1.0'], 1],
    ['a limit and all', { all: true, limit: 1 }, ['1.1.0', '1.2.0-rc.1', 'main'], 1],
    ['no limit', { limit: 0 }, ['1.1.0', '1.0.0'], 2],
  ])('asks nothing about the tags it does not describe: %s', async (_name, options, expected, described) => {
    const { asked, tags: shown } = await report({}, options)
    expect(shown).toEqual(expected)
    expect(asked).toHaveLength(1 + described)
  })

  it('shows a tag whose manifest cannot be read, and the others all the same', async () => {
    const registry = new FakeRegistry({ 'org/web': { '1.0.0': {}, '1.1.0': { broken: true } } })
    const { rule } = readFlagRule('org/web', {})
    const { rows } = await tagRows(registry, rule, { all: false, limit: 20, now: NOW })
    expect(rows.map(({ tag, error }) => [tag, error?.message])).toEqual([
      ['1.1.0', 'docker.io: cannot read it: the manifest of 1.1.0 is broken'],
      ['1.0.0', undefined],
    ])
  })

  it('shows nothing where nothing is left', async () => {
    const { found } = await report({ constraint: '>=9' })
    expect(found).toMatchObject({ candidates: 0, dropped: { constraint: 3, version: 1 }, rows: [] })
  })
})

describe('the running image', () => {
  function running(text: ApplicationText, pods?: readonly string[]): RunningImage {
    const { application, rule } = managedOne({ rules: { 'image-list': 'web=org/web' }, ...text })
    const images = runningImages(application, rule)
    return { firstSeenDigest: '', images, pods: pods && { digests: pods, unknown: '' } }
  }

  it.each<[string, RunningImage, string, string]>([
    ['nowhere', running({}), '', ''],
    ['live', running({ live: ['org/web:1'] }), 'org/web:1', ''],
    ['live by digest', running({ live: [`org/web:1@${OLD}`] }), `org/web:1@${OLD}`, OLD],
    ['in Pods', running({ live: ['org/web:1'] }, [NEW]), 'org/web:1', NEW],
    ['declared', running({ kustomize: ['org/web:2'], live: ['org/web:1'] }, [OLD]), 'org/web:2', OLD],
    [
      'declared by digest',
      running({ kustomize: [`org/web:2@${NEW}`], live: ['org/web:1'] }, [OLD]),
      `org/web:2@${NEW}`,
      NEW,
    ],
  ])('%s', (_name, image, reference, digest) => {
    const current = currentReference(image)
    expect(current ? formatImageReference(current) : '').toBe(reference)
    expect(currentDigest(image)).toBe(digest)
  })

  it.each<[string, RunningImage, RegExp[]]>([
    ['all agree', running({ kustomize: ['org/web:2'], live: ['org/web:2'] }, [NEW]), []],
    ['spec and status', running({ kustomize: ['org/web:2'], live: ['org/web:1'] }), [/says 2, 1 runs/]],
    ['several versions', running({ live: ['org/web:1', 'org/web:2'] }), [/2 versions run at once/]],
    ['several digests', running({ live: ['org/web:1'] }, [OLD, NEW]), [/Pods run several digests/]],
    [
      'Pods and the digest of the spec',
      running({ kustomize: [`org/web:2@${NEW}`], live: [`org/web:2@${NEW}`] }, [OLD]),
      [/do not run the digest of the spec/],
    ],
    ['Pods tell nothing', running({ kustomize: [`org/web:2@${NEW}`], live: [`org/web:2@${NEW}`] }, []), []],
  ])('says who disagrees: %s', (_name, image, notes) => {
    const said = disagreements(image)
    expect(said).toHaveLength(notes.length)
    for (const [index, note] of notes.entries()) expect(said[index]).toMatch(note)
  })
})
