import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'

const PREFIX = 'argocd-image-updater.argoproj.io/'

function managed(sourceType: string, source: object, rules: Record<string, string>) {
  const annotations = Object.fromEntries(
    Object.entries(rules).map(([key, text]) => [`${PREFIX}${key}`, text]),
  )
  const application = {
    kind: 'Application',
    metadata: { annotations, name: 'shop', namespace: 'argocd' },
    spec: { source: { repoURL: 'https://git.example.com/x', ...source } },
    status: { sourceType },
  } as Application
  const { images, faulty } = manageImages([application], readAnnotationRules)
  return {
    faulty: faulty.map(({ alias, error }) => `${alias}: ${error.message}`),
    usable: images.map(({ rule }) => rule.alias),
  }
}

describe('two images of one Application', () => {
  it('that share the default Helm parameters are refused, both, with the way out', () => {
    const { faulty, usable } = managed('Helm', {}, { 'image-list': 'web=org/web,api=org/api' })
    expect(usable).toEqual([])
    expect(faulty).toHaveLength(2)
    expect(faulty[0]).toContain('written to the same place as "api"')
  })

  it('with Helm parameters of their own are fine', () => {
    const { faulty, usable } = managed(
      'Helm',
      {},
      {
        'api.helm.image-name': 'api.image.name',
        'api.helm.image-tag': 'api.image.tag',
        'image-list': 'web=org/web,api=org/api',
      },
    )
    expect({ faulty, usable }).toEqual({ faulty: [], usable: ['web', 'api'] })
  })

  it('of different repositories are fine in Kustomize, also on one host with a port', () => {
    const { usable } = managed(
      'Kustomize',
      {},
      { 'image-list': 'a=reg.example.com:5000/a,b=reg.example.com:5000/b' },
    )
    expect(usable).toEqual(['a', 'b'])
  })

  it('of one repository are refused in Kustomize, unless each has its own image-name', () => {
    const list = { 'image-list': 'a=org/app:1.x,b=org/app:2.x' }
    expect(managed('Kustomize', {}, list).usable).toEqual([])
    const named = { ...list, 'a.kustomize.image-name': 'first', 'b.kustomize.image-name': 'second' }
    expect(managed('Kustomize', {}, named).usable).toEqual(['a', 'b'])
  })

  it('of plain manifests share nothing in the Application', () => {
    expect(managed('Directory', {}, { 'image-list': 'a=org/app:1.x,b=org/app:2.x' }).usable).toEqual([
      'a',
      'b',
    ])
  })
})
