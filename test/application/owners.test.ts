import { describe, expect, it } from 'vitest'
import { applicationOwners } from '../../src/lib/application/owners.ts'
import { application } from './applications.ts'

const trackedBy = (id: string) => ({ annotations: { 'argocd.argoproj.io/tracking-id': id } })

describe('applicationOwners', () => {
  it.each([
    ['nobody', {}, []],
    [
      'an ApplicationSet',
      { ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 'all' }] },
      [{ kind: 'ApplicationSet', name: 'all', knownBy: 'ownerReferences', certain: true }],
    ],
    [
      'an app of apps by tracking annotation',
      trackedBy('root:argoproj.io/Application:argocd/shop'),
      [
        {
          kind: 'Application',
          name: 'root',
          knownBy: 'annotation argocd.argoproj.io/tracking-id',
          certain: true,
        },
      ],
    ],
    [
      'a tracking annotation that was copied from another',
      trackedBy('root:argoproj.io/Application:argocd/other'),
      [],
    ],
    ['a tracking annotation of another kind', trackedBy('root:apps/Deployment:argocd/shop'), []],
    [
      'perhaps an app of apps by label',
      { labels: { 'app.kubernetes.io/instance': 'root' } },
      [{ kind: 'Application', name: 'root', knownBy: 'label app.kubernetes.io/instance', certain: false }],
    ],
    ['a label that names the Application itself', { labels: { 'app.kubernetes.io/instance': 'shop' } }, []],
  ])('%s', (_name, metadata, owners) => {
    expect(applicationOwners(application({}, {}, metadata))).toEqual(owners)
  })
})
