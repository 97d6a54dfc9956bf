import { describe, expect, it } from 'vitest'
import { checkImages } from '../../src/lib/engine/check.ts'
import { type CheckedImage, isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import { explainApplications } from '../../src/lib/engine/explain.ts'
import { imageHistory } from '../../src/lib/engine/history.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { ruleRows } from '../../src/lib/engine/rule-rows.ts'
import { tagRows } from '../../src/lib/engine/tag-rows.ts'
import type { ToldEvent } from '../../src/lib/engine/watch-event.ts'
import type { LeaseEvent } from '../../src/lib/engine/watch-lease.ts'
import { UserError } from '../../src/lib/errors.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { readFlagRule } from '../../src/lib/rules/flags.ts'
import { checkedImageDocument } from '../../src/lib/terminal/checked-images.ts'
import { explanationDocument } from '../../src/lib/terminal/explanation-document.ts'
import { historyDocument } from '../../src/lib/terminal/history-rows.ts'
import { leaseDocument } from '../../src/lib/terminal/lease-lines.ts'
import { ruleDocument } from '../../src/lib/terminal/rule-rows.ts'
import { tagDocument } from '../../src/lib/terminal/tag-rows.ts'
import { watchEventDocument } from '../../src/lib/terminal/watch-lines.ts'
import { digestOf, FakeRegistry } from '../engine/fake-registry.ts'
import { managedBy, momentOf, withPast } from '../engine/operate-world.ts'
import { applicationOf, contextOf, NOW } from '../engine/world.ts'
import { objections, SCHEMA } from './schema.ts'

const APPLICATION = {
  kustomize: ['org/web:1.4.2', 'org/same:1.5.0', 'org/newer:2.0.0'],
  live: ['org/plain:1', 'org/without-rule:1'],
  rules: {
    'faulty.allow-tags': '^v1',
    'image-list':
      'web=org/web, same=org/same, newer=org/newer, nowhere=org/nowhere, none=org/none, gone=org/gone, faulty=org/faulty, org/plain',
    'web.image-poll-interval': '5m',
    'web.image-tag-filter': '^1',
    'web.pin-digest': 'true',
  },
}
const VERSIONS = { '1.4.2': {}, '1.5.0': { pushedAt: '2026-02-01T00:00:00Z' } }
const REGISTRY = {
  'org/newer': VERSIONS,
  'org/none': { main: {} },
  'org/nowhere': VERSIONS,
  'org/plain': VERSIONS,
  'org/same': VERSIONS,
  'org/web': VERSIONS,
}

const managed = manageImages([applicationOf(APPLICATION)], readAnnotationRules)

async function rows(): Promise<CheckedImage[]> {
  const checked = await checkImages(contextOf(new FakeRegistry(REGISTRY)), managed.images)
  return [...checked, ...managed.faulty]
}

function report(kind: string, items: readonly unknown[], more: object = { context: 'test' }) {
  return { apiVersion: 'image-updater/v1', kind, ...more, items }
}

describe('the schema', () => {
  it('describes every field and refuses all others', () => {
    const loose: string[] = []
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      const node = value as Record<string, unknown>
      if (node['type'] === 'object' && node['additionalProperties'] === undefined) loose.push(path)
      for (const [key, child] of Object.entries(node)) visit(child, `${path}/${key}`)
    }
    visit(SCHEMA, '')
    expect(loose).toEqual([])
  })

  it.each([
    ['another version', { ...report('CheckReport', []), apiVersion: 'image-updater/v2' }],
    ['another kind', report('Report', [])],
    ['a field too much', { ...report('CheckReport', []), extra: 1 }],
    ['a field too little', { apiVersion: 'image-updater/v1', items: [], kind: 'CheckReport' }],
    ['an item of another kind', report('CheckReport', [{ tag: '1' }])],
  ])('refuses %s', (_name, document) => {
    expect(objections(document)).not.toBe('')
  })
})

describe('the documents fit the schema', () => {
  it('check, with each decision', async () => {
    const items = (await rows()).map(checkedImageDocument)
    expect(new Set(items.map(({ decision }) => decision))).toEqual(
      new Set(['update', 'up-to-date', 'blocked', 'not-running', 'no-candidate', 'error']),
    )
    expect(objections(report('CheckReport', items))).toBe('')
  })

  it('list, with rules, faults and images without rules', () => {
    const items = ruleRows(managed, { now: NOW, withoutRules: true }).map(ruleDocument)
    expect(items.map(({ alias }) => alias)).toContain('faulty')
    expect(items.map(({ image }) => image)).toContain('org/without-rule')
    expect(objections(report('RuleList', items))).toBe('')
  })

  it('history, of both sources', () => {
    const past = withPast(
      { rules: { 'image-list': 'web=org/web' } },
      [{ id: 0, images: ['org/web:1.4.2'], minute: 0 }],
      [{ at: momentOf(1), from: '1.4.2', to: '1.5.0' }],
    )
    const items = managedBy(past).images.flatMap(imageHistory).map(historyDocument)
    expect(items.map(({ number }) => number)).toEqual(['r1', '0'])
    expect(objections(report('History', items))).toBe('')
  })

  it('explain, with each decision, faults, and no rules at all', async () => {
    const { metadata, ...plain } = applicationOf({ live: ['org/plain:1'], name: 'without-rules' })
    const ownerReferences = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 'all' }]
    const owned = { ...plain, metadata: { ...metadata, ownerReferences } }
    const all = manageImages([applicationOf(APPLICATION), owned], readAnnotationRules)
    const context = contextOf(new FakeRegistry(REGISTRY))
    const explanations = await explainApplications(context, all, { connection: () => '' })
    for (const verdicts of [false, true]) {
      const items = explanations.map((explanation) => explanationDocument(explanation, verdicts))
      expect(items.map(({ images }) => (images as unknown[]).length)).toEqual([8, 0])
      expect(objections(report('Explanation', items))).toBe('')
    }
  })

  it('tags, with winner, outranked and dropped', async () => {
    const registry = new FakeRegistry({
      'org/web': {
        '1.0.0': { platforms: ['linux/amd64'] },
        '1.1.0': { createdAt: '2026-02-01T00:00:00Z', digest: digestOf('x') },
        '0.9.0': { broken: true },
        main: {},
      },
    })
    const { rule } = readFlagRule('org/web', {})
    const found = await tagRows(registry, rule, { all: true, limit: 0, now: NOW })
    const { via, credential, listed } = found.scan
    const head = { credential, dropped: found.dropped, image: found.image, listed, via }
    expect(objections(report('TagList', found.rows.map(tagDocument), head))).toBe('')
  })

  it.each(['applied', 'unchanged', 'failed', 'declined', 'none'])('update: %s', async (outcome) => {
    const [row] = await rows()
    if (!row) throw new Error('no row')
    const error = outcome === 'failed' ? 'forbidden' : null
    const item = { ...checkedImageDocument(row), error, followed: null, outcome, rolledBack: false }
    expect(objections(report('UpdateReport', [item]))).toBe('')
  })

  it('watch, with each event', async () => {
    const images = await rows()
    const image = images.find(isUpdatable) as UpdatableImage
    const error = new UserError('forbidden', 'Ask for access')
    const [fault] = managed.faulty
    if (!fault) throw new Error('no faulty rule')
    const at = NOW
    const events: ToldEvent[] = [
      { at, changed: images, images, nextAt: NOW, polls: new Map(), type: 'cycle' },
      { at, error, nextAt: NOW, type: 'cycle-failed' },
      { at, problems: [fault.error.fault], type: 'problems' },
      { at, image, reason: '--approve ask', since: NOW, type: 'pending' },
      { at, image, type: 'declined' },
      { at, type: 'paused' },
      { at, type: 'resumed' },
      { at, dryRun: true, image, type: 'applied' },
      { at, image, reason: 'somebody else wrote it already', type: 'unchanged' },
      { at, error, image, type: 'apply-failed' },
      {
        at,
        summary: { applied: 1, cycles: 2, declined: 0, dryRun: false, failed: 0, images },
        type: 'stopped',
      },
    ]
    for (const event of events) expect(objections(watchEventDocument(event)), event.type).toBe('')
  })

  it('what happens to its turn', () => {
    const error = new UserError('the cluster is away')
    const events: LeaseEvent[] = [
      { at: NOW, from: 'bob@desk 12', type: 'acquired' },
      { at: NOW, holder: 'bob@desk 12', type: 'waiting' },
      { at: NOW, reason: 'it could not be renewed in time', type: 'lost' },
      { at: NOW, error, type: 'unreachable' },
    ]
    for (const event of events) {
      expect(objections(leaseDocument(event, 'prod')), event.type).toBe('')
      expect(leaseDocument(event).message).toMatch(/^lease: /)
    }
  })
})
