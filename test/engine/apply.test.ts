import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { type ApplyOptions, applyUpdates, updateGroups } from '../../src/lib/engine/apply.ts'
import type { ApplyOutcome } from '../../src/lib/engine/apply-outcome.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import { isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import type { EngineContext } from '../../src/lib/engine/context.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { formatImageReference } from '../../src/lib/image/reference.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeCluster } from './fake-cluster.ts'
import { digestOf, FakeRegistry } from './fake-registry.ts'
import { type ApplicationText, applicationOf, contextOf, deployment, pod } from './world.ts'

const UNASKED: ApplyOptions = { asked: false, dryRun: 'none' }
const ASKED: ApplyOptions = { asked: true, dryRun: 'none' }
const WEB: ApplicationText = { kustomize: ['org/web:1.4.2'], rules: { 'image-list': 'web=org/web' } }

interface World {
  readonly cluster: FakeCluster
  readonly context: EngineContext
  readonly registry: FakeRegistry
  updates(): Promise<UpdatableImage[]>
}

function worldOf(...applications: ApplicationText[]): World {
  const registry = new FakeRegistry({
    'org/api': { '2.0.0': {} },
    'org/web': { '1.5.0': {} },
    'org/worker': { production: { digest: digestOf('new') } },
  })
  const cluster = new FakeCluster()
  for (const text of applications) cluster.put('applications', applicationOf(text))
  for (const name of ['worker', 'second']) {
    cluster.put('deployments', deployment(name, 'org/worker:production'))
    cluster.put('pods', pod(`${name}-1`, 'org/worker:production', digestOf('old')))
  }
  const context = contextOf(registry, cluster)
  const updates = async () => {
    const objects = await cluster.list({
      group: 'argoproj.io',
      resource: 'applications',
      version: 'v1alpha1',
    })
    const { images } = manageImages(objects as Application[], readAnnotationRules)
    return (await checkImages(context, images)).filter(isUpdatable)
  }
  return { cluster, context, registry, updates }
}

/** `web applied org/web:1.5.0`, `web failed: why`, `web unchanged: why`. */
function face(outcome: ApplyOutcome): string {
  const { alias, decision } = outcome.image
  if (outcome.state === 'failed') return `${alias} failed: ${outcome.error.message}`
  if (outcome.state === 'unchanged') return `${alias} unchanged: ${outcome.reason}`
  return `${alias} applied ${formatImageReference(decision.target)}`
}

/** What somebody else does, in the very moment of the n-th patch. */
function atPatch(cluster: FakeCluster, times: number, act: (time: number) => void): void {
  let time = 0
  cluster.beforePatch = () => {
    time += 1
    if (time <= times) act(time)
  }
}

function kustomizeImages(cluster: FakeCluster): unknown {
  const { spec } = cluster.at('applications', 'argocd', 'shop') as Application
  return spec.source?.kustomize?.images
}

describe('updateGroups', () => {
  it('keeps Applications of one name in two namespaces apart, in their order', async () => {
    const { updates } = worldOf({ ...WEB, name: 'b' }, { ...WEB, name: 'a' })
    const [first, second] = await updates()
    if (!first || !second) throw new Error('two updates expected')
    const { application } = first
    const metadata = { ...application.metadata, namespace: 'other' }
    const elsewhere = { ...first, application: { ...application, metadata } }
    expect(updateGroups([first, second, elsewhere, first])).toEqual([[first, first], [second], [elsewhere]])
  })
})

describe('applyUpdates', () => {
  it('writes all images of an Application in one patch', async () => {
    const { cluster, context, updates } = worldOf({
      kustomize: ['org/web:1.4.2', 'org/api:1.0.0'],
      rules: { 'image-list': 'web=org/web, api=org/api' },
    })
    const outcomes = await applyUpdates(context, await updates(), UNASKED)
    expect(outcomes.map(face)).toEqual(['web applied org/web:1.5.0', 'api applied org/api:2.0.0'])
    expect(cluster.patches).toEqual([{ dryRun: false, path: 'applications/argocd/shop' }])
    expect(kustomizeImages(cluster)).toEqual(['org/web:1.5.0', 'org/api:2.0.0'])
  })

  it.each([
    ['client', []],
    ['server', [{ dryRun: true, path: 'applications/argocd/shop' }]],
  ] as const)('keeps nothing with --dry-run=%s', async (dryRun, patches) => {
    const { cluster, context, updates } = worldOf(WEB)
    const outcomes = await applyUpdates(context, await updates(), { asked: false, dryRun })
    expect(outcomes.map(face)).toEqual(['web applied org/web:1.5.0'])
    expect(cluster.patches).toEqual(patches)
    expect(kustomizeImages(cluster)).toEqual(['org/web:1.4.2'])
  })

  it('writes nothing where the turn is lost after the decision', async () => {
    const { cluster, context, updates } = worldOf(WEB)
    const barrier = () => 'bob has the lease'
    const outcomes = await applyUpdates(context, await updates(), { ...UNASKED, barrier })
    expect(outcomes.map(face)).toEqual(['web unchanged: bob has the lease'])
    expect(cluster.patches).toEqual([])
  })

  it('does not care for a new status', async () => {
    const { cluster, context, updates } = worldOf(WEB)
    const images = await updates()
    atPatch(cluster, 1, () => cluster.put('applications', applicationOf({ ...WEB, live: ['org/web:1.4.2'] })))
    expect((await applyUpdates(context, images, ASKED)).map(face)).toEqual(['web applied org/web:1.5.0'])
  })

  it('lets two operators write one update once', async () => {
    const { cluster, context, updates } = worldOf(WEB)
    const [mine, theirs] = [await updates(), await updates()]
    const outcomes = await Promise.all([
      applyUpdates(context, mine, ASKED),
      applyUpdates(context, theirs, ASKED),
    ])
    expect(outcomes.flat().map(face).sort()).toEqual([
      'web applied org/web:1.5.0',
      'web unchanged: somebody else wrote it already',
    ])
    expect(kustomizeImages(cluster)).toEqual(['org/web:1.5.0'])
  })

  it('says that the Application was deleted', async () => {
    const { cluster, context, updates } = worldOf(WEB)
    const images = await updates()
    cluster.remove('applications', 'argocd', 'shop')
    expect((await applyUpdates(context, images, UNASKED)).map(face)).toEqual([
      'web failed: application "shop" was deleted meanwhile: nothing was written',
    ])
  })

  it('goes on with the next workload where one is refused, and tells the image has failed', async () => {
    const { cluster, context, updates } = worldOf({
      deployments: ['worker', 'second'],
      kustomize: ['org/web:1.4.2'],
      live: ['org/worker:production'],
      rules: {
        'image-list': 'worker=org/worker, web=org/web',
        'worker.update-strategy': 'newest-build',
        'worker.write-back-method': 'restart',
      },
    })
    const images = await updates()
    cluster.refusals.set('deployments/apps/worker', 403)
    expect((await applyUpdates(context, images, UNASKED)).map(face)).toEqual([
      'worker failed: deployments/apps/worker is forbidden',
      'web applied org/web:1.5.0',
    ])
    expect(cluster.patches.map(({ path }) => path)).toEqual([
      'applications/argocd/shop',
      'deployments/apps/worker',
      'deployments/apps/second',
    ])
  })

  it('counts an image as applied when one of its workloads was left to write', async () => {
    const { cluster, context, updates } = worldOf({
      deployments: ['worker', 'second'],
      live: ['org/worker:production'],
      rules: { 'image-list': 'worker=org/worker', 'worker.update-strategy': 'newest-build' },
      sourceType: 'Directory',
    })
    const images = await updates()
    const first = images[0]?.writes[0]
    if (!first) throw new Error('a restart expected')
    await cluster.jsonPatch(first.path, first.operations)
    expect((await applyUpdates(context, images, UNASKED)).map(face)).toEqual([
      `worker applied org/worker:production@${digestOf('new')}`,
    ])
  })
})

describe('applyUpdates, when somebody edits the spec in the same moment', () => {
  const edited = (image: string): ApplicationText => ({ ...WEB, kustomize: ['org/other:1', image] })

  it('is an error where a person said yes to something else', async () => {
    const { cluster, context, updates } = worldOf(WEB)
    const images = await updates()
    atPatch(cluster, 1, () => cluster.put('applications', applicationOf(edited('org/web:1.4.2'))))
    const [outcome] = await applyUpdates(context, images, ASKED)
    expect(outcome && face(outcome)).toMatch(
      /^web failed: application "shop" changed while you decided \(.+\): nothing was written$/,
    )
    expect(kustomizeImages(cluster)).toEqual(['org/other:1', 'org/web:1.4.2'])
  })

  it('decides again where nobody was asked, and keeps the edit', async () => {
    const { cluster, context, updates } = worldOf(WEB)
    const images = await updates()
    atPatch(cluster, 1, () => cluster.put('applications', applicationOf(edited('org/web:1.4.2'))))
    expect((await applyUpdates(context, images, UNASKED)).map(face)).toEqual(['web applied org/web:1.5.0'])
    expect(kustomizeImages(cluster)).toEqual(['org/other:1', 'org/web:1.5.0'])
  })

  it('gives up after the third time', async () => {
    const { cluster, context, updates } = worldOf(WEB)
    const images = await updates()
    atPatch(cluster, 99, (time) => {
      cluster.put(
        'applications',
        applicationOf({ ...WEB, kustomize: [`org/other:${time}`, 'org/web:1.4.2'] }),
      )
    })
    const [outcome] = await applyUpdates(context, images, UNASKED)
    expect(outcome && face(outcome)).toMatch(/^web failed: application "shop" changed while you decided/)
    expect(cluster.patches).toHaveLength(3)
  })

  it.each<[string, ApplicationText, string]>([
    ['the same update', edited('org/web:1.5.0'), 'web unchanged: 1.5.0 is the newest that the rule allows'],
    [
      'a higher version',
      edited('org/web:1.6.0'),
      'web unchanged: the newest allowed tag 1.5.0 is older than',
    ],
    ['no rule any more', { kustomize: ['org/web:1.4.2'] }, 'web unchanged: its rule is gone'],
    [
      'a rule for a repository that is not there',
      { kustomize: ['org/web:1.4.2'], rules: { 'image-list': 'web=org/gone' } },
      'web failed: docker.io: cannot read it',
    ],
  ])('finds %s', async (_name, text, expected) => {
    const { cluster, context, updates } = worldOf(WEB)
    const images = await updates()
    atPatch(cluster, 1, () => cluster.put('applications', applicationOf(text)))
    const [outcome] = await applyUpdates(context, images, UNASKED)
    expect(outcome && face(outcome)).toContain(expected)
    expect(cluster.patches).toHaveLength(1)
  })

  it('does not write more than may be written unasked', async () => {
    const { cluster, context, registry, updates } = worldOf(WEB)
    const images = await updates()
    atPatch(cluster, 1, () => {
      cluster.put('applications', applicationOf(edited('org/web:1.4.2')))
      registry.repositories.set('org/web', { '2.0.0': {} })
    })
    const mayApply = ({ decision }: UpdatableImage) => decision.bump !== 'major'
    const outcomes = await applyUpdates(context, images, { ...UNASKED, mayApply })
    expect(outcomes.map(face)).toEqual(['web unchanged: 2.0.0 is newer than 1.4.2, which needs approval'])
    expect(kustomizeImages(cluster)).toEqual(['org/other:1', 'org/web:1.4.2'])
  })

  it('reads a workload anew that somebody changed', async () => {
    const { cluster, context, updates } = worldOf({
      deployments: ['worker'],
      live: ['org/worker:production'],
      rules: { 'image-list': 'worker=org/worker', 'worker.update-strategy': 'newest-build' },
      sourceType: 'Directory',
    })
    const images = await updates()
    atPatch(cluster, 1, () => {
      cluster.put('deployments', deployment('worker', 'org/worker:production', { args: ['--verbose'] }))
    })
    expect((await applyUpdates(context, images, UNASKED)).map(({ state }) => state)).toEqual(['applied'])
    expect(JSON.stringify(cluster.at('deployments', 'apps', 'worker'))).toContain('--verbose')
  })
})

it.each([
  ['is taken all the same where that was allowed', true, ['web applied org/web:1.5.0']],
  [
    'is not taken where nobody allowed it',
    false,
    [
      'web unchanged: the newest allowed tag 1.5.0 is older than the running 1.9.0: nothing is downgraded unasked',
    ],
  ],
])('a version that is older once it is decided again %s', async (_name, allowDowngrade, expected) => {
  const { cluster, context, updates } = worldOf(WEB)
  const group = await updates()
  atPatch(cluster, 1, () =>
    cluster.put('applications', applicationOf({ ...WEB, kustomize: ['org/web:1.9.0'] })),
  )
  const outcomes = await applyUpdates(context, group, { ...UNASKED, permissions: { allowDowngrade } })
  expect(outcomes.map(face)).toEqual(expected)
})
