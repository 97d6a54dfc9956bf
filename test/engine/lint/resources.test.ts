import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../../src/lib/application/kubernetes-object.ts'
import { lint } from '../../../src/lib/engine/lint/lint.ts'
import { loadManagedImages } from '../../../src/lib/engine/load.ts'
import { FakeCluster } from '../fake-cluster.ts'
import { FakeRegistry } from '../fake-registry.ts'
import { type ApplicationText, applicationOf, contextOf, NOW } from '../world.ts'

/** ImageUpdater argocd/team about every Application, with an image or with `useAnnotations`. */
function imageUpdater(name: string, ref: object): KubernetesObject {
  return {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name, namespace: 'argocd' },
    spec: { applicationRefs: [{ namePattern: '*', ...ref }] },
  }
}

const CONTROLLER: KubernetesObject = {
  metadata: { name: 'argocd-image-updater', namespace: 'argocd' },
  spec: {
    template: {
      spec: { containers: [{ image: 'quay.io/argoprojlabs/argocd-image-updater:v1.3.0', name: 'main' }] },
    },
  },
}

const OWN_IMAGE = { images: [{ alias: 'app', imageName: 'org/app:~3.0' }] }

async function found(
  text: ApplicationText,
  resources: readonly KubernetesObject[],
  more: readonly KubernetesObject[] = [],
) {
  const cluster = new FakeCluster()
  cluster.put('applications', applicationOf(text))
  for (const resource of resources) cluster.put('imageupdaters', resource)
  for (const deployment of more) cluster.put('deployments', deployment)
  const registry = new FakeRegistry({ 'org/app': { '1.0.0': {} } })
  const managed = await loadManagedImages(contextOf(registry, cluster), {})
  return lint(managed, { cluster, concurrency: 4, now: NOW, registryFor: () => registry })
}

describe('rules of an ImageUpdater resource', () => {
  it('are checked like annotations, and told with resource, field and Application', async () => {
    expect(await found({}, [imageUpdater('team', OWN_IMAGE)])).toMatchObject([
      {
        code: 'nothing-matches',
        fixable: false,
        key: 'spec.applicationRefs[0].images[0].imageName',
        origin: { kind: 'image-updater', object: 'argocd/team' },
        problem: expect.stringContaining('Application argocd/shop: 1 tag in org/app, none fits'),
      },
    ])
  })

  it('beside annotations are two sources of rules', async () => {
    const findings = await found({ rules: { 'image-list': 'app=org/app' } }, [
      imageUpdater('team', OWN_IMAGE),
    ])
    expect(findings.map(({ code }) => code)).toEqual(['two-rule-sources', 'nothing-matches'])
  })

  it('of two resources for one Application are told', async () => {
    const findings = await found({}, [imageUpdater('a', OWN_IMAGE), imageUpdater('b', OWN_IMAGE)])
    expect(findings.map(({ code }) => code).toSorted()).toEqual(['nothing-matches', 'several-image-updaters'])
  })
})

describe('argocd-image-updater 1.x is a second writer', () => {
  it.each([
    ['of the rules of a resource', {}, OWN_IMAGE],
    ['of annotations that a resource says to use', { 'image-list': 'app=org/app' }, { useAnnotations: true }],
  ])('%s', async (_, rules, ref) => {
    const findings = await found({ rules }, [imageUpdater('team', ref)], [CONTROLLER])
    expect(findings.map(({ code }) => code)).toContain('two-writers')
  })
})
