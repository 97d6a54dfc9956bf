import { describe, expect, it } from 'vitest'
import type { Application } from '../../../src/lib/application/application.ts'
import { FakeCluster } from '../fake-cluster.ts'
import { type ApplicationText, applicationOf } from '../world.ts'
import { lintOf } from './linted.ts'

const RULES = { 'image-list': 'app=org/app' }

/** An Application that ApplicationSet `all` makes. */
function generated(text: ApplicationText = {}): Application {
  const application = applicationOf({ rules: RULES, ...text })
  const ownerReferences = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 'all' }]
  return { ...application, metadata: { ...application.metadata, ownerReferences } }
}

/** An Application that Application `root` deploys, by the tracking annotation or by a label alone. */
function child(by: 'annotation' | 'label'): Application {
  const application = applicationOf({ rules: RULES })
  const { metadata } = application
  const tracking = { 'argocd.argoproj.io/tracking-id': 'root:argoproj.io/Application:argocd/shop' }
  return {
    ...application,
    metadata:
      by === 'label'
        ? { ...metadata, labels: { 'argocd.argoproj.io/instance': 'root' } }
        : { ...metadata, annotations: { ...metadata.annotations, ...tracking } },
  }
}

function clusterWith(resource: string, name: string, spec: object): FakeCluster {
  const cluster = new FakeCluster()
  cluster.put(resource, { metadata: { name, namespace: 'argocd' }, spec })
  return cluster
}

describe('an ApplicationSet that would revert an update', () => {
  it('is told with what to add to it', async () => {
    expect(await lintOf([generated()])).toMatchObject([
      {
        code: 'applicationset-reverts',
        problem:
          'ApplicationSet all makes this Application (ownerReferences) and would put back what an update writes',
        remedy:
          'Add to the spec of ApplicationSet all: ignoreApplicationDifferences: [{jsonPointers: [/spec/source/kustomize/images]}]',
        severity: 'warning',
        value: 'all',
      },
    ])
  })

  it('is told the place that a Helm source is written in', async () => {
    const [finding] = await lintOf([generated({ sourceType: 'Helm' })])
    expect(finding?.remedy).toContain('[/spec/source/helm/parameters]')
  })

  it.each([
    [
      'it ignores the field',
      { ignoreApplicationDifferences: [{ jsonPointers: ['/spec/source/kustomize/images'] }] },
    ],
    [
      'it ignores more than the field',
      { ignoreApplicationDifferences: [{ jsonPointers: ['/spec/source'] }] },
    ],
    [
      'it ignores the field by a path',
      { ignoreApplicationDifferences: [{ jqPathExpressions: ['.spec.source.kustomize'] }] },
    ],
    ['it never modifies', { syncPolicy: { applicationsSync: 'create-only' } }],
  ])('is not told where %s', async (_, spec) => {
    expect(await lintOf([generated()], { cluster: clusterWith('applicationsets', 'all', spec) })).toEqual([])
  })

  it.each([
    ['another field', [{ jsonPointers: ['/spec/source/targetRevision'] }]],
    ['a field that begins alike', [{ jsonPointers: ['/spec/source/kust'] }]],
    ['the field of another Application', [{ name: 'blog', jsonPointers: ['/spec/source/kustomize/images'] }]],
  ])('is told where it ignores %s', async (_, ignoreApplicationDifferences) => {
    const cluster = clusterWith('applicationsets', 'all', { ignoreApplicationDifferences })
    expect(await lintOf([generated()], { cluster })).toHaveLength(1)
  })

  it.each<[string, ApplicationText]>([
    [
      'only workloads are restarted',
      { rules: { 'image-list': 'app=org/app:p', 'app.update-strategy': 'digest' }, sourceType: 'Directory' },
    ],
    ['there is no rule', { rules: {} }],
  ])('is not told where %s', async (_, text) => {
    expect(await lintOf([generated(text)])).toEqual([])
  })
})

describe('an Application that deploys another', () => {
  it('is told with what to add to it', async () => {
    expect(await lintOf([child('annotation')])).toMatchObject([
      {
        code: 'application-reverts',
        remedy:
          'Add to the spec of Application root: ignoreDifferences: [{group: argoproj.io, kind: Application, name: shop, jsonPointers: [/spec/source/kustomize/images]}], and RespectIgnoreDifferences=true to its syncOptions',
        severity: 'warning',
      },
    ])
  })

  it('is only a remark where a label alone says so', async () => {
    expect(await lintOf([child('label')])).toMatchObject([{ code: 'application-reverts', severity: 'info' }])
  })

  const ignoreDifferences = [
    { group: 'argoproj.io', jsonPointers: ['/spec/source/kustomize/images'], kind: 'Application' },
  ]
  it('is not told where it leaves the field alone', async () => {
    const syncPolicy = { syncOptions: ['RespectIgnoreDifferences=true'] }
    const cluster = clusterWith('applications', 'root', { ignoreDifferences, syncPolicy })
    expect(await lintOf([child('annotation')], { cluster })).toEqual([])
  })

  it('is told where it does not do so in its syncs', async () => {
    const cluster = clusterWith('applications', 'root', { ignoreDifferences })
    expect(await lintOf([child('annotation')], { cluster })).toHaveLength(1)
  })
})
