import { describe, expect, it } from 'vitest'
import { chooseSource } from '../../../../src/lib/application/source-choice.ts'
import type { OverrideType } from '../../../../src/lib/application/source-type.ts'
import { targetPlace } from '../../../../src/lib/writeback/git/targets/target-place.ts'
import { parseWriteBackTarget } from '../../../../src/lib/writeback/git/targets/write-back-target.ts'
import { refusal } from './image-changes.ts'

function place(overrideType: OverrideType = 'Helm') {
  return {
    application: 'shop',
    argocdNamespace: 'argocd',
    namespace: 'argocd',
    overrideType,
    sourcePath: 'apps/shop',
  }
}

const all = { exclude: '', include: '', recurse: false }

describe('a write-back-target', () => {
  it.each([
    ['', { kind: 'override', path: 'apps/shop/.argocd-source-shop.yaml', overrideType: 'Helm' }],
    ['kustomization', { kind: 'kustomization', folder: 'apps/shop' }],
    ['kustomization:', { kind: 'kustomization', folder: 'apps/shop' }],
    ['kustomization:../base', { kind: 'kustomization', folder: 'apps/base' }],
    ['kustomization:/overlays/prod/', { kind: 'kustomization', folder: 'overlays/prod' }],
    ['kustomization:/', { kind: 'kustomization', folder: '.' }],
    ['kustomization:/prod/kustomization.yaml', { kind: 'kustomization', folder: 'prod' }],
    ['helmvalues', { kind: 'helmvalues', path: 'apps/shop/values.yaml' }],
    ['helmvalues:prod.yaml', { kind: 'helmvalues', path: 'apps/shop/prod.yaml' }],
    ['helmvalues:/env/prod.yml', { kind: 'helmvalues', path: 'env/prod.yml' }],
    ['manifests', { kind: 'manifests', path: 'apps/shop', ...all }],
    ['manifests:web.yaml', { kind: 'manifests', path: 'apps/shop/web.yaml', ...all }],
    ['manifests:/', { kind: 'manifests', path: '.', ...all }],
    [' env/prod.yaml ', { kind: 'helmvalues', path: 'env/prod.yaml' }],
    ['manifests/prod.yaml', { kind: 'helmvalues', path: 'manifests/prod.yaml' }],
    [
      'env/.argocd-source-x.yaml',
      { kind: 'override', path: 'env/.argocd-source-x.yaml', overrideType: 'Helm' },
    ],
    ['env/overrides', { kind: 'override', path: 'env/overrides', overrideType: 'Helm' }],
  ])('%j', (text, target) => expect(parseWriteBackTarget(text, place())).toEqual(target))

  it('takes recurse, include and exclude from the source', () => {
    const directory = { exclude: 'test/*', include: '*.yaml', recurse: true }
    expect(parseWriteBackTarget('manifests', { ...place('Unsupported'), directory })).toEqual({
      kind: 'manifests',
      path: 'apps/shop',
      ...directory,
    })
  })

  it.each([
    ['helmvaluesXfoo.yaml', /a colon must follow the keyword/],
    ['kustomization/base', /a colon must follow the keyword/],
    ['helmvalues:', /it names no file/],
    ['helmvalues:..', /it names no file/],
    ['overlays/prod/kustomization.yml', /overlays\/prod\/kustomization.yml: a kustomization is not written/],
    ['env/', /it is a folder/],
  ])('%j is refused', (text, reason) => {
    expect(refusal(() => parseWriteBackTarget(text, place()))).toMatch(reason)
  })

  it('of plain manifests is told to name them', () => {
    const run = () => parseWriteBackTarget(undefined, place('Unsupported'))
    expect(run).toThrow(
      expect.objectContaining({ code: 'unsupported-source', remedy: expect.stringContaining('manifests') }),
    )
  })
})

describe('the override file', () => {
  const path = (differing: object) => {
    const target = parseWriteBackTarget(undefined, { ...place(), ...differing })
    return target.kind === 'override' && target.path
  }

  it('carries the namespace of an Application outside of Argo CD’s own', () => {
    expect(path({ namespace: 'team' })).toBe('apps/shop/.argocd-source-team_shop.yaml')
    expect(path({ argocdNamespace: 'default', namespace: 'team' })).toBe('apps/shop/.argocd-source-shop.yaml')
  })

  it.each(['../x', 'a/b', 'A', 'x\ny', '', '-x', 'a'.repeat(300)])('is not named after %j', (application) => {
    expect(() => path({ application })).toThrow(expect.objectContaining({ code: 'bad-application-name' }))
  })
})

it('takes the rest from the Application', () => {
  const directory = { exclude: 'test/*', recurse: true }
  const application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'team' },
    spec: { source: { directory, path: 'apps/shop', repoURL: 'https://git.example/org/shop' } },
    status: { sourceType: 'Directory' },
  }
  expect(targetPlace(application, chooseSource(application), 'argocd')).toEqual({
    application: 'shop',
    argocdNamespace: 'argocd',
    directory: { exclude: 'test/*', include: '', recurse: true },
    namespace: 'team',
    overrideType: 'Unsupported',
    sourcePath: 'apps/shop',
  })
})
