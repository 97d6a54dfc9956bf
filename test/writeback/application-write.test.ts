import { describe, expect, it } from 'vitest'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { applicationWrite } from '../../src/lib/writeback/application-write.ts'
import { application, singleSource } from '../application/applications.ts'

const web2 = { image: parseImageReference('org/web:2'), targets: {} }

describe('applicationWrite', () => {
  it('tests the version that was read before anything else', () => {
    const app = singleSource('Kustomize', { kustomize: { images: ['org/web:1'] } })
    expect(applicationWrite(app, [web2])).toEqual({
      kind: 'application.argoproj.io',
      path: {
        group: 'argoproj.io',
        version: 'v1alpha1',
        resource: 'applications',
        namespace: 'argocd',
        name: 'shop',
      },
      read: app,
      operations: [
        { op: 'test', path: '/metadata/resourceVersion', value: '7' },
        { op: 'test', path: '/spec/source/kustomize/images/0', value: 'org/web:1' },
        { op: 'replace', path: '/spec/source/kustomize/images/0', value: 'org/web:2' },
      ],
      fields: [{ field: 'spec.source.kustomize.images[0]', before: 'org/web:1', after: 'org/web:2' }],
      summary: 'set kustomize image',
    })
  })

  it('is nothing where the Application says so already', () => {
    const app = singleSource('Kustomize', { kustomize: { images: ['org/web:2'] } })
    expect(applicationWrite(app, [web2])).toBeUndefined()
  })

  it('says what it sets', () => {
    const app = application({ sources: [{}, {}] }, { sourceTypes: ['Helm', 'Kustomize'] })
    const overrides = [
      { ...web2, targets: { helm: { spec: 'image' } } },
      { ...web2, targets: { kustomize: { name: 'web' } } },
    ]
    expect(applicationWrite(app, overrides)?.summary).toBe('set helm parameters and kustomize image')
  })

  it('has no version to test for an Application from a file', () => {
    const app = application({ source: {} }, { sourceType: 'Helm' }, { resourceVersion: undefined })
    const operations = applicationWrite(app, [web2])?.operations ?? []
    expect(operations.map(({ path }) => path)).toEqual(['/spec/source/helm'])
  })
})
