import { describe, expect, it } from 'vitest'
import { otherWriters } from '../../../src/lib/engine/doctor/writers.ts'
import { manageImages } from '../../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { FakeCluster } from '../fake-cluster.ts'
import { applicationOf } from '../world.ts'

const RULES = { 'image-list': 'app=org/app' }
const SHOP = applicationOf({ rules: RULES })
const BLOG = applicationOf({ name: 'blog', rules: RULES })
const OWNED = {
  ...BLOG,
  metadata: {
    ...BLOG.metadata,
    ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 'all' }],
  },
}

async function lines(applications: readonly (typeof SHOP)[], cluster = new FakeCluster()): Promise<string[]> {
  const found = await otherWriters(manageImages(applications, readAnnotationRules), cluster)
  return found.map(({ state, message, remedy }) => `${state}: ${message}${remedy && ` → ${remedy}`}`)
}

describe('who else writes', () => {
  it('is nobody', async () => {
    expect(await lines([SHOP])).toEqual(['ok: nobody else is seen to write these Applications'])
  })

  it('is a controller and an ApplicationSet, each counted, with the command that says more', async () => {
    const cluster = new FakeCluster()
    const containers = [{ image: 'quay.io/argoprojlabs/argocd-image-updater:v0.16.0', name: 'main' }]
    cluster.put('deployments', {
      metadata: { name: 'argocd-image-updater', namespace: 'argocd' },
      spec: { template: { spec: { containers } } },
    })
    expect(await lines([SHOP, OWNED], cluster)).toEqual([
      'warn: a running argocd-image-updater reads the same rules of 2 Applications → kubectl image-updater lint says which, and what to do',
      'warn: an ApplicationSet would put back updates of 1 Application → kubectl image-updater lint says which, and what to do',
    ])
  })

  it('is not looked for where there are no rules', async () => {
    expect(await lines([applicationOf({})])).toEqual(['skip: not looked at: no image here has a rule'])
  })
})
