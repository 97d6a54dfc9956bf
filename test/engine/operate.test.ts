import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { type Author, readChangeRecord } from '../../src/lib/application/change-record.ts'
import { applyUpdates } from '../../src/lib/engine/apply.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import { type DecidedImage, isUpdatable } from '../../src/lib/engine/checked-image.ts'
import { type ChosenImage, chosenWrite, downgradeText } from '../../src/lib/engine/chosen-image.ts'
import { controlSubjects } from '../../src/lib/engine/control-subjects.ts'
import { holderText, holdWrite, resumeWrite } from '../../src/lib/engine/hold.ts'
import { operatorImage, operatorImages } from '../../src/lib/engine/operator-image.ts'
import { chooseEarlier } from '../../src/lib/engine/rollback.ts'
import { chooseTag } from '../../src/lib/engine/set.ts'
import { offeredTag, readTag, skipWrite, tagToSkip } from '../../src/lib/engine/skip.ts'
import { tagWithDigest } from '../../src/lib/image/reference.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { FakeCluster } from './fake-cluster.ts'
import { digestOf, FakeRegistry } from './fake-registry.ts'
import { managedBy, momentOf, withPast } from './operate-world.ts'
import { type ApplicationText, applicationOf, contextOf, deployment, NOW, pod } from './world.ts'

const AUTHOR: Author = { by: 'ann@laptop', how: 'set', reason: 'why' }
const WEB: ApplicationText = { kustomize: ['org/web:1.5.0'], rules: { 'image-list': 'web=org/web' } }
const OLD = digestOf('old')
const NEW = digestOf('new')
const registry = () =>
  new FakeRegistry({
    'org/api': { '2.0.0': {} },
    'org/web': {
      '1.4.2': { digest: digestOf('1.4.2'), platforms: ['linux/amd64'] },
      '1.5.0': {},
      '1.6.0': {},
      'old-build': { digest: OLD },
      production: { digest: NEW },
    },
  })

const webOf = (application: Application) => operatorImage(application, managedBy(application), 'web')
const set = (text: ApplicationText, tag: string) =>
  chooseTag(contextOf(registry()), webOf(applicationOf(text)), readTag(tag))
const target = ({ target: { digest, tag } }: ChosenImage) => tagWithDigest({ digest, tag })

describe('whose controls are meant', () => {
  const subjects = (list: string, names: string[], more: Record<string, string> = {}) => {
    const application = applicationOf({ rules: { 'image-list': list, ...more } })
    return controlSubjects(application, managedBy(application), names)
  }
  it.each<[string, string[], string[]]>([
    ['web=org/web,api=org/api', [], ['']],
    ['web=org/web,api=org/api', ['api', 'web', 'api'], ['api', 'web']],
    ['org/web', ['org/web'], ['']],
  ])('%s %j → %j', (list, names, expected) => {
    expect(subjects(list, names)).toEqual(expected)
  })

  it('an image whose rule is faulty can be held as well', () => {
    expect(subjects('web=org/web', ['web'], { 'web.hold-until': 'tomorrow' })).toEqual(['web'])
  })

  it('refuses what would touch other images too, with the way out', () => {
    expect(() => subjects('org/web,api=org/api', ['org/web'])).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('has no alias'),
        remedy: expect.stringContaining('annotate shop --image ALIAS=org/web'),
      }),
    )
  })

  it('an Application without rules, and an image that is not there', () => {
    const bare = applicationOf({})
    expect(() => controlSubjects(bare, managedBy(bare), [])).toThrow('carries no update rule')
    expect(() => subjects('web=org/web', ['wbe'])).toThrow(
      expect.objectContaining({ remedy: 'Did you mean web? Its images are web' }),
    )
  })
})

describe('hold, resume and skip as writes', () => {
  const order = { by: holderText('ann', NOW), reason: '' }

  it('change nothing but annotations, and nothing twice', async () => {
    const cluster = new FakeCluster()
    cluster.put('applications', applicationOf(WEB))
    const context = contextOf(registry(), cluster)
    const now = () => cluster.at('applications', 'argocd', 'shop') as Application
    const { spec } = now()
    const write = async (made: ReturnType<typeof holdWrite>) => {
      if (made) await context.applications.write(made, { dryRun: 'none' })
      return made !== undefined
    }
    expect(await write(holdWrite(now(), ['web'], order, NOW))).toBe(true)
    expect(holdWrite(now(), ['web'], order, NOW)).toBeUndefined()
    expect(now().metadata.annotations?.[`${ANNOTATION_PREFIX}web.hold-by`]).toBe('ann 2026-03-01T12:00:00Z')
    expect(await write(resumeWrite(now(), ['web']))).toBe(true)
    expect(resumeWrite(now(), ['web'])).toBeUndefined()
    expect(await write(skipWrite(now(), 'web', readTag('1.6.0'), { undo: false }))).toBe(true)
    expect(skipWrite(now(), 'web', readTag('1.6.0'), { undo: false })).toBeUndefined()
    expect(now().spec).toEqual(spec)
  })

  it('skip takes what is offered: a tag, or the digest of one that moved', async () => {
    const context = contextOf(registry())
    expect(await tagToSkip(context, webOf(applicationOf(WEB)), undefined)).toEqual({
      digest: '',
      tag: '1.6.0',
    })
    const moved = applicationOf({
      kustomize: [`org/web:production@${OLD}`],
      rules: { 'image-list': 'web=org/web:production', 'web.update-strategy': 'digest' },
    })
    expect(await tagToSkip(context, webOf(moved), undefined)).toEqual({ digest: NEW, tag: 'production' })
    expect(await tagToSkip(context, webOf(moved), 'production')).toEqual({ digest: NEW, tag: 'production' })
    expect(await tagToSkip(context, webOf(moved), 'other')).toEqual({ digest: '', tag: 'other' })
  })

  it('skip says where nothing is offered', async () => {
    const image = webOf(applicationOf({ ...WEB, kustomize: ['org/web:1.6.0'] }))
    const [row] = await checkImages(contextOf(registry()), [image])
    expect(offeredTag(row as DecidedImage)).toBeUndefined()
    await expect(tagToSkip(contextOf(registry()), image, undefined)).rejects.toThrow('offers nothing to skip')
  })

  it.each(['', 'a b', '1.0,2.0', 'x@sha256:1', '-x'])('%j is no tag', (text) => {
    expect(() => readTag(text)).toThrow('is no tag')
  })
})

describe('set', () => {
  it('finds out that the tag exists, and what it names', async () => {
    expect(await set(WEB, '1.4.2')).toMatchObject({ digest: digestOf('1.4.2'), from: '1.5.0', warnings: [] })
    await expect(set(WEB, `1.4.2@${NEW}`)).rejects.toThrow(`names ${digestOf('1.4.2')}, not ${NEW}`)
  })

  it('names the nearest tag', async () => {
    const fake = registry()
    fake.resolveDigest = async (image, tag) => (await fake.describe(image, tag, [])).digest
    const choice = chooseTag(contextOf(fake), webOf(applicationOf(WEB)), readTag('1.4.1'))
    await expect(choice).rejects.toMatchObject({
      message: 'org/web has no tag 1.4.1',
      remedy: 'Did you mean 1.4.2?',
    })
  })

  it.each<[string, ApplicationText, string, string]>([
    ['the tag alone', WEB, '1.4.2', '1.4.2'],
    ['the digest where one was given', WEB, `1.4.2@${digestOf('1.4.2')}`, `1.4.2@${digestOf('1.4.2')}`],
    [
      'the digest where the rule pins it',
      { ...WEB, rules: { ...WEB.rules, 'web.pin-digest': 'true' } },
      '1.4.2',
      `1.4.2@${digestOf('1.4.2')}`,
    ],
    [
      'the digest where the spec has one',
      { ...WEB, kustomize: [`org/web:1.5.0@${OLD}`] },
      '1.4.2',
      `1.4.2@${digestOf('1.4.2')}`,
    ],
  ])('writes %s', async (_, text, tag, expected) => {
    expect(target(await set(text, tag))).toBe(expected)
  })

  it('warns of a platform that the rule asks for', async () => {
    const rules = { ...WEB.rules, 'web.platforms': 'linux/arm64' }
    expect((await set({ ...WEB, rules }, '1.4.2')).warnings).toEqual([
      'the image offers linux/amd64, not linux/arm64, which the rule asks for',
    ])
  })

  it('does not mind what else is wrong with the rule', async () => {
    const rules = { ...WEB.rules, 'web.allow-tags': 'regexp:(', 'web.update-strategy': 'sevmer' }
    expect(target(await set({ ...WEB, rules }, '1.4.2'))).toBe('1.4.2')
    const application = applicationOf({ ...WEB, rules })
    expect(operatorImages(application, managedBy(application))).toHaveLength(1)
  })

  it('minds what says which image it is', () => {
    const rules = { 'image-list': 'web=org/web::' }
    expect(() => webOf(applicationOf({ ...WEB, rules }))).toThrow('image-list')
  })

  it.each<[string, ApplicationText, RegExp]>([
    ['plain manifests', { ...WEB, kustomize: [], sourceType: 'Directory' }, /plain manifests/],
    [
      'git',
      { ...WEB, rules: { ...WEB.rules, 'write-back-method': 'git' } },
      /write-back-method git commits images/,
    ],
    ['restarts', { ...WEB, rules: { ...WEB.rules, 'write-back-method': 'restart' } }, /restart sets no tag/],
  ])('refuses %s', async (_, text, message) => {
    const { kustomize, ...plain } = text
    const application = text.sourceType === 'Directory' ? plain : { ...plain, kustomize: kustomize ?? [] }
    await expect(set(application, '1.4.2')).rejects.toThrow(message)
  })

  it('is one patch: images, hold and record', async () => {
    const cluster = new FakeCluster()
    const rules = { 'image-list': 'web=org/web,api=org/api' }
    cluster.put('applications', applicationOf({ kustomize: ['org/web:1.5.0', 'org/api:1.0.0'], rules }))
    const application = cluster.at('applications', 'argocd', 'shop') as Application
    const context = contextOf(registry(), cluster)
    const managed = managedBy(application)
    const chosen = await Promise.all(
      [
        ['web', '1.4.2'],
        ['api', '2.0.0'],
      ].map(([alias = '', tag = '']) =>
        chooseTag(context, operatorImage(application, managed, alias), readTag(tag)),
      ),
    )
    const order = { by: 'ann', reason: 'why' }
    const hold = { order, subjects: ['web', 'api'] }
    const write = chosenWrite(application, chosen, { author: AUTHOR, hold, now: NOW })
    if (!write) throw new Error('nothing to write')
    await context.applications.write(write, { dryRun: 'none' })
    expect(cluster.patches).toHaveLength(1)
    const after = cluster.at('applications', 'argocd', 'shop') as Application
    expect(after.spec.source?.kustomize?.images).toEqual(['org/web:1.4.2', 'org/api:2.0.0'])
    expect(after.metadata.annotations?.[`${ANNOTATION_PREFIX}api.hold`]).toBe('true')
    expect(readChangeRecord(after).entries).toMatchObject([
      { by: 'ann@laptop', from: '1.5.0', how: 'set', image: 'web', to: '1.4.2' },
      { from: '1.0.0', image: 'api', to: '2.0.0' },
    ])
  })

  it('of what runs already only holds, and records nothing', async () => {
    const chosen = [await set(WEB, '1.5.0')]
    const hold = { order: { by: 'ann', reason: '' }, subjects: ['web'] }
    const application = applicationOf(WEB)
    const held = chosenWrite(application, chosen, { author: AUTHOR, hold, now: NOW })
    expect(held?.record).toBeUndefined()
    expect(held?.fields.map(({ field }) => field)).toContain(
      `metadata.annotations[${ANNOTATION_PREFIX}web.hold]`,
    )
    expect(chosenWrite(application, chosen, { author: AUTHOR, now: NOW })).toBeUndefined()
  })

  it.each([
    ['1.5.0', '1.4.2', '1.4.2 is lower than 1.5.0'],
    [`1.5.0@${NEW}`, '1.4.2', '1.4.2 is lower than 1.5.0'],
    ['1.4.2', '1.5.0', ''],
    ['main', '1.5.0', ''],
    ['', '1.5.0', ''],
  ])('%s → %s: "%s"', (from, to, expected) => {
    expect(downgradeText(webOf(applicationOf(WEB)).rule, from, to)).toBe(expected)
  })
})

describe('rollback', () => {
  const back = (application: Application, number?: string, fake = registry()) => {
    fake.resolveDigest = async (image, tag) => (await fake.describe(image, tag, [])).digest
    return chooseEarlier(contextOf(fake), webOf(application), number)
  }
  const moving: ApplicationText = {
    kustomize: ['org/web:production'],
    rules: { 'image-list': 'web=org/web:production', 'web.update-strategy': 'newest-build' },
  }

  it('goes back to the image before, and tells where it is from', async () => {
    const past = withPast(WEB, [{ id: 3, images: ['org/web:1.4.2'], minute: 1 }])
    const choice = await back(past)
    expect(target(choice)).toBe('1.4.2')
    expect(choice.source).toContain('what change 3 brought (sync by Argo CD')
  })

  it('pins the digest where the spec of then had it', async () => {
    const past = withPast(WEB, [{ id: 3, images: [`org/web:production@${NEW}`], minute: 1 }])
    expect(target(await back(past))).toBe(`production@${NEW}`)
  })

  it('goes back to the digest of then where the tag has moved since', async () => {
    const past = withPast(
      moving,
      [],
      [{ at: momentOf(1), from: `production@${OLD}`, to: `production@${NEW}` }],
    )
    const choice = await back({
      ...past,
      spec: { source: { kustomize: { images: [`org/web:production@${NEW}`] }, repoURL: 'r' } },
    })
    expect(target(choice)).toBe(`production@${OLD}`)
    expect(choice.warnings).toEqual(['production names another image by now: the digest of then is written'])
  })

  it('warns where nobody knows whether the tag has moved', async () => {
    const past = withPast({ ...moving, kustomize: ['org/web:1.5.0'] }, [
      { id: 3, images: ['org/web:production'], minute: 1 },
    ])
    expect((await back(past)).warnings).toEqual([
      'whether production has moved since cannot be told: its digest of then is not known',
    ])
  })

  it('takes the digest of a platform for the tag that still has it', async () => {
    const fake = registry()
    fake.repositories.set('org/web', { '1.4.2': { digest: NEW, manifests: [OLD] } })
    const past = withPast(WEB, [], [{ at: momentOf(1), digest: OLD, to: '1.4.2' }])
    expect(target(await back(past, 'r1', fake))).toBe('1.4.2')
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a tag that is gone', { to: '1.3.0' }, /1\.3\.0 is not in the registry any more/],
    ['a digest that is gone', { digest: digestOf('gone'), to: '1.4.2' }, /@sha256:.* is not in the registry/],
    ['a text that is no tag', { to: 'a b' }, /names no image/],
    ['a digest that is none', { digest: 'x', to: '1.4.2' }, /names no image/],
  ])('refuses %s', async (_, entry, message) => {
    const past = withPast(WEB, [], [{ at: momentOf(1), ...entry }])
    await expect(back(past)).rejects.toThrow(message)
  })

  it('says what there is, where a number is not there or nothing is known', async () => {
    const past = withPast(WEB, [{ id: 3, images: ['org/web:1.4.2'], minute: 1 }])
    await expect(back(past, '9')).rejects.toMatchObject({ remedy: expect.stringContaining('It has 3') })
    await expect(back(withPast(WEB, []))).rejects.toThrow('no earlier image is known')
  })
})

describe('the record of an update', () => {
  const record = (cluster: FakeCluster) =>
    readChangeRecord(cluster.at('applications', 'argocd', 'shop') as Application).entries
  const author: Author = { by: 'ann', how: 'watch', reason: '' }

  async function updated(text: ApplicationText, prepare: (cluster: FakeCluster) => void = () => {}) {
    const cluster = new FakeCluster()
    cluster.put('applications', applicationOf(text))
    cluster.put('deployments', deployment('web', 'org/web:production'))
    cluster.put('pods', pod('web-1', 'org/web:production', OLD))
    const context = contextOf(registry(), cluster)
    const { images } = managedBy(cluster.at('applications', 'argocd', 'shop') as Application)
    const rows = (await checkImages(context, images)).filter(isUpdatable)
    prepare(cluster)
    return { cluster, outcomes: await applyUpdates(context, rows, { asked: false, author, dryRun: 'none' }) }
  }
  const restarted: ApplicationText = {
    deployments: ['web'],
    live: ['org/web:production'],
    rules: { 'image-list': 'web=org/web:production', 'web.update-strategy': 'digest' },
    sourceType: 'Directory',
  }

  it('is in the patch of the spec', async () => {
    const { cluster } = await updated(WEB)
    expect(cluster.patches).toHaveLength(1)
    expect(record(cluster)).toMatchObject([
      { at: NOW.toISOString(), by: 'ann', from: '1.5.0', how: 'watch', image: 'web', number: 1, to: '1.6.0' },
    ])
  })

  it('of a restart is a write of its own, with both digests', async () => {
    const { cluster, outcomes } = await updated(restarted)
    expect(outcomes).toMatchObject([{ state: 'applied' }])
    expect(record(cluster)).toMatchObject([{ from: `production@${OLD}`, to: `production@${NEW}` }])
  })

  it('of a restart may fail, and the restart stands', async () => {
    const { cluster, outcomes } = await updated(restarted, (api) =>
      api.refusals.set('applications/argocd/shop', 403),
    )
    expect(outcomes).toMatchObject([
      { state: 'applied', unrecorded: { message: expect.stringContaining('forbidden') } },
    ])
    expect(record(cluster)).toEqual([])
  })
})
