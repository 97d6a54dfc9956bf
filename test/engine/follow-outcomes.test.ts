import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { type ApplyOptions, applyUpdates } from '../../src/lib/engine/apply.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import { isUpdatable } from '../../src/lib/engine/checked-image.ts'
import { followOutcomes } from '../../src/lib/engine/follow-outcomes.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeCluster } from './fake-cluster.ts'
import { digestOf, FakeRegistry } from './fake-registry.ts'
import { FakeTime } from './fake-time.ts'
import { applicationOf, contextOf, deployment, pod } from './world.ts'

const OPTIONS = { limit: 60_000, signal: new AbortController().signal, syncRequested: true }

/** A shop of two images in the spec and a worker whose tag moved, with updates for all of them. */
async function updated(dryRun: ApplyOptions['dryRun']) {
  const registry = new FakeRegistry({
    'org/api': { '2.1.0': {} },
    'org/web': { '1.5.0': {} },
    'org/worker': { production: { digest: digestOf('new') } },
  })
  const cluster = new FakeCluster()
  const applications = [
    applicationOf({
      kustomize: ['org/web:1.4.2', 'org/api:2.0.0'],
      rules: { 'image-list': 'web=org/web,api=org/api' },
    }),
    applicationOf({
      deployments: ['worker'],
      live: ['org/worker:production'],
      name: 'worker',
      rules: {
        'image-list': 'worker=org/worker:production',
        'worker.update-strategy': 'digest',
        'write-back-method': 'restart',
      },
      sourceType: 'Directory',
    }),
  ]
  for (const application of applications) cluster.put('applications', application)
  cluster.put('deployments', deployment('worker', 'org/worker:production'))
  cluster.put('pods', pod('worker-1', 'org/worker:production', digestOf('old')))
  const context = contextOf(registry, cluster)
  const objects = await cluster.list({ group: '', version: '', resource: 'applications' })
  const { images } = manageImages(objects as Application[], readAnnotationRules)
  const outcomes = []
  for (const own of Map.groupBy(
    (await checkImages(context, images)).filter(isUpdatable),
    (one) => one.application,
  ).values()) {
    outcomes.push(...(await applyUpdates(context, own, { asked: false, dryRun })))
  }
  return { cluster, context, outcomes }
}

/** What Argo CD and the Deployment controller do in the end. */
function settle(cluster: FakeCluster): void {
  const shop = cluster.at('applications', 'argocd', 'shop')
  const worker = cluster.at('deployments', 'apps', 'worker')
  if (!shop || !worker) throw new Error('they are gone')
  const sync = { comparedTo: shop['spec'], status: 'Synced' }
  const status = { ...(shop['status'] as object), health: { status: 'Healthy' }, sync }
  cluster.put('applications', { ...shop, status })
  cluster.put('deployments', {
    ...worker,
    status: { availableReplicas: 1, replicas: 1, updatedReplicas: 1 },
  })
}

describe('what an update wrote', () => {
  it('is followed, an Application once for all its images, and each restarted workload', async () => {
    const { cluster, context, outcomes } = await updated('none')
    expect(outcomes.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
    const time = new FakeTime()
    const told: string[] = []
    const events = followOutcomes(context, outcomes, {
      ...OPTIONS,
      pause: (milliseconds, signal) => time.pause(milliseconds, signal),
    })
    for await (const { application, object, state } of events) {
      told.push(`${application} ${object} ${state}`)
      if (told.length === 2) settle(cluster)
    }
    expect(told.toSorted()).toEqual([
      'argocd/shop application/shop healthy',
      'argocd/shop application/shop waiting',
      'argocd/worker deployment/worker healthy',
      'argocd/worker deployment/worker waiting',
    ])
  })

  it('is not there to be followed after a dry run', async () => {
    const { context, outcomes } = await updated('server')
    const events = followOutcomes(context, outcomes, { ...OPTIONS, pause: async () => {} })
    expect(await events.next()).toMatchObject({ done: true })
  })

  it('is not followed where there is no cluster', async () => {
    const { context, outcomes } = await updated('none')
    const events = followOutcomes({ ...context, cluster: undefined }, outcomes, {
      ...OPTIONS,
      pause: async () => {},
    })
    expect(await events.next()).toMatchObject({ done: true })
  })
})
