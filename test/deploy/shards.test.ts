import { describe, expect, it } from 'vitest'
import { shardWarnings } from '../../src/lib/deploy/shard-members.ts'
import { parseShards, possibleOverlaps } from '../../src/lib/deploy/shards.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { applicationOf } from '../engine/world.ts'

const RULES = { 'image-list': 'app=org/app' }

function loaded(labels: Readonly<Record<string, Record<string, string>>>) {
  const applications = Object.entries(labels).map(([name, own]) => {
    const application = applicationOf({ name, rules: RULES })
    return { ...application, metadata: { ...application.metadata, labels: own } }
  })
  return manageImages(applications, readAnnotationRules)
}

describe('shards have nothing in common where', () => {
  it.each([
    ['team=a', 'team=b', true],
    ['team in (a, b)', 'team in (c)', true],
    ['team in (a, b)', 'team in (b, c)', false],
    ['team=a', 'team notin (a, b)', true],
    ['team=c', 'team notin (a, b)', false],
    ['team=a', 'team!=a', true],
    ['team', '!team', true],
    ['team=a', '!team', true],
    ['team=a', 'env=prod', false],
    ['team notin (a)', '!team', false],
    ['team=a,env=prod', 'team=a,env=stage', true],
  ])('%s and %s: %s', (one, other, apart) => {
    const shards = parseShards([`one=${one}`, `other=${other}`])
    expect(possibleOverlaps(shards)).toHaveLength(apart ? 0 : 1)
    expect(possibleOverlaps(shards.toReversed())).toHaveLength(apart ? 0 : 1)
  })
})

describe('of the Applications in the cluster', () => {
  const shards = parseShards(['web=team=web', 'prod=env=prod'])

  it('those in no shard and in several are told', () => {
    const found = loaded({ a: { team: 'web' }, b: { env: 'prod', team: 'web' }, c: {} })
    expect(shardWarnings(shards, found)).toEqual([
      'b would be watched by the shards web and prod at once',
      'c would be watched by no shard',
    ])
  })

  it('none may be in common now, and some later', () => {
    expect(shardWarnings(shards, loaded({ a: { team: 'web' } }))).toEqual([
      'shard prod has no Application with rules now',
      expect.stringMatching(
        /^the shards web \(team=web\) and prod \(env=prod\) may have Applications in common/,
      ),
    ])
  })
})
