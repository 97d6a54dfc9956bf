import { describe, expect, it } from 'vitest'
import { scan } from '../../src/lib/engine/scan.ts'
import { digestOf, FakeRegistry, type FakeTag } from './fake-registry.ts'
import { managedOne, NOW } from './world.ts'

const SEMVER = { 'image-list': 'web=org/web' }
const NEWEST = { ...SEMVER, 'web.update-strategy': 'newest-build' }

async function scanned(rules: Record<string, string>, tags: Record<string, FakeTag>) {
  const registry = new FakeRegistry({ 'org/web': tags })
  const found = await scan(registry, managedOne({ rules }).rule, NOW)
  return { asked: registry.asked, found, winner: found.winner?.tag }
}

const VERSIONS = { '1.0.0': {}, '1.1.0': {}, '2.0.0': {}, main: {} }
const BUILDS = {
  b1: { createdAt: '2026-02-01T00:00:00Z' },
  b3: { createdAt: '2026-02-03T00:00:00Z' },
  b2: { createdAt: '2026-02-02T00:00:00Z' },
}

describe('scan asks the registry only what the rule needs', () => {
  it.each<[string, Record<string, string>, Record<string, FakeTag>, string | undefined, string[]]>([
    ['semver: names', SEMVER, VERSIONS, '2.0.0', []],
    ['alphabetical: names', { ...SEMVER, 'web.update-strategy': 'alphabetical' }, VERSIONS, 'main', []],
    ['a constraint: names', { 'image-list': 'web=org/web:1.x' }, VERSIONS, '1.1.0', []],
    [
      'pin-digest: the digest of the winner alone',
      { ...SEMVER, 'web.pin-digest': 'true' },
      VERSIONS,
      '2.0.0',
      ['digest org/web:2.0.0'],
    ],
    [
      'digest: the digest of the one tag',
      { 'image-list': 'web=org/web:main', 'web.update-strategy': 'digest' },
      VERSIONS,
      'main',
      ['digest org/web:main'],
    ],
    [
      'newest-build: dates of what the filter left, whose digests then are known',
      { ...NEWEST, 'web.image-tag-filter': '^b[12]$' },
      BUILDS,
      'b2',
      ['describe org/web:b1', 'describe org/web:b2'],
    ],
    [
      'newest-build with push times in the listing: the digest of the winner alone',
      NEWEST,
      { b1: { pushedAt: '2026-02-01T00:00:00Z' }, b2: { pushedAt: '2026-02-02T00:00:00Z' } },
      'b2',
      ['digest org/web:b2'],
    ],
    [
      'newest-build with a single candidate: no date',
      { ...NEWEST, 'web.image-tag-filter': '^b1$' },
      BUILDS,
      'b1',
      ['digest org/web:b1'],
    ],
    [
      'platforms: from the best down until one fits',
      { ...SEMVER, 'web.platforms': 'linux/arm64' },
      {
        '1.0.0': { platforms: ['linux/arm64'] },
        '1.1.0': { platforms: ['linux/amd64', 'linux/arm64/v8'] },
        '1.2.0': { platforms: ['linux/amd64'] },
      },
      '1.1.0',
      ['describe org/web:1.2.0', 'describe org/web:1.1.0'],
    ],
    [
      'platforms that no tag offers',
      { ...SEMVER, 'web.platforms': 'windows/amd64' },
      { '1.0.0': { platforms: ['linux/amd64'] } },
      undefined,
      ['describe org/web:1.0.0'],
    ],
    [
      'platforms and newest-build: each candidate once',
      { ...NEWEST, 'web.platforms': 'linux/amd64' },
      {
        b1: { createdAt: '2026-02-01T00:00:00Z', platforms: ['linux/amd64'] },
        b2: { createdAt: '2026-02-02T00:00:00Z', platforms: ['linux/arm64'] },
      },
      'b1',
      ['describe org/web:b1', 'describe org/web:b2'],
    ],
    ['nothing left: nothing', { 'image-list': 'web=org/web:9.x' }, VERSIONS, undefined, []],
    ['an empty repository: nothing', NEWEST, {}, undefined, []],
  ])('%s', async (_name, rules, tags, winner, asked) => {
    const result = await scanned(rules, tags)
    expect(result.winner).toBe(winner)
    expect(result.asked).toEqual(['list org/web', ...asked])
  })
})

describe('scan', () => {
  it('gives every tag a verdict: the winner, the outranked best first, the dropped', async () => {
    const { found } = await scanned(
      { ...SEMVER, 'web.platforms': 'linux/arm64' },
      {
        '1.0.0': { platforms: ['linux/arm64'] },
        '1.1.0': { platforms: ['linux/arm64'] },
        '1.2.0': { platforms: ['linux/amd64'] },
        main: {},
      },
    )
    expect(found.verdicts.map(({ tag, outcome }) => `${tag} ${outcome}`)).toEqual([
      '1.1.0 winner',
      '1.0.0 outranked',
      '1.2.0 dropped',
      'main dropped',
    ])
    expect(found.listed).toBe(4)
  })

  it('keeps what it learnt of the candidates, the digest of the winner among it', async () => {
    const { found } = await scanned({ ...SEMVER, 'web.pin-digest': 'true' }, VERSIONS)
    expect(found.candidates.get('2.0.0')).toEqual({ digest: digestOf('2.0.0'), tag: '2.0.0' })
    expect(found.candidates.get('1.0.0')).toEqual({ tag: '1.0.0' })
  })

  it('takes no date from the future for the newest', async () => {
    const { winner } = await scanned(NEWEST, { ...BUILDS, forged: { createdAt: '2030-01-01T00:00:00Z' } })
    expect(winner).toBe('b3')
  })

  it('passes on what the registry says when it cannot be read', async () => {
    const { rule } = managedOne({ rules: SEMVER })
    await expect(scan(new FakeRegistry(), rule, NOW)).rejects.toThrow(
      'docker.io: cannot read it: no such repository',
    )
  })
})
