import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { planOverride, UnsupportedSourceError } from '../../src/lib/application/override/override.ts'
import { PluginTargetError } from '../../src/lib/application/override/plugin.ts'
import type { OverrideTargets } from '../../src/lib/application/override/targets.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { application, singleSource } from './applications.ts'
import { applyJsonPatch } from './apply-json-patch.ts'

function plan(app: Application, image: string, targets: OverrideTargets = {}) {
  return planOverride(app, [{ image: parseImageReference(image), targets }])
}

function forced(name: string, value: string): object {
  return { name, value, forceString: true }
}

describe('planOverride', () => {
  it('replaces one kustomize image, and tests what was there', () => {
    const app = singleSource('Kustomize', { kustomize: { images: ['a:1', 'org/web:1.4.2'] } })
    expect(plan(app, 'org/web:1.5.0')).toEqual({
      operations: [
        { op: 'test', path: '/spec/source/kustomize/images/1', value: 'org/web:1.4.2' },
        { op: 'replace', path: '/spec/source/kustomize/images/1', value: 'org/web:1.5.0' },
      ],
      fields: [{ field: 'spec.source.kustomize.images[1]', before: 'org/web:1.4.2', after: 'org/web:1.5.0' }],
    })
  })

  it('tests the whole list before it appends', () => {
    const app = singleSource('Kustomize', { kustomize: { images: ['a:1'] } })
    expect(plan(app, 'org/web:1').operations).toEqual([
      { op: 'test', path: '/spec/source/kustomize/images', value: ['a:1'] },
      { op: 'add', path: '/spec/source/kustomize/images/-', value: 'org/web:1' },
    ])
  })

  it.each([
    ['the block', {}, '/spec/source/kustomize', { images: ['web:1'] }],
    ['the list', { kustomize: { namePrefix: 'x' } }, '/spec/source/kustomize/images', ['web:1']],
    ['a list that is null', { kustomize: { images: null } }, '/spec/source/kustomize/images', ['web:1']],
  ])('creates %s where it is missing', (_name, source, path, value) => {
    const { operations, fields } = plan(singleSource('Kustomize', source), 'web:1')
    expect(operations).toEqual([{ op: 'add', path, value }])
    expect(fields).toEqual([{ field: 'spec.source.kustomize.images[0]', before: '', after: 'web:1' }])
  })

  it('changes one helm parameter and leaves its name alone', () => {
    const parameters = [forced('image.name', 'org/web'), forced('image.tag', '1'), { name: 'x', value: 'y' }]
    expect(plan(singleSource('Helm', { helm: { parameters } }), 'org/web:2')).toEqual({
      operations: [
        { op: 'test', path: '/spec/source/helm/parameters/1', value: forced('image.tag', '1') },
        { op: 'replace', path: '/spec/source/helm/parameters/1/value', value: '2' },
      ],
      fields: [{ field: 'spec.source.helm.parameters[image.tag].value', before: '1', after: '2' }],
    })
  })

  it('forces a parameter that was not forced to be a text', () => {
    const parameters = [forced('image.name', 'web'), { name: 'image.tag', value: '1' }]
    const { operations, fields } = plan(singleSource('Helm', { helm: { parameters } }), 'web:20240101')
    expect(operations.slice(1)).toEqual([
      { op: 'replace', path: '/spec/source/helm/parameters/1/value', value: '20240101' },
      { op: 'add', path: '/spec/source/helm/parameters/1/forceString', value: true },
    ])
    expect(fields.map(({ field }) => field)).toEqual([
      'spec.source.helm.parameters[image.tag].value',
      'spec.source.helm.parameters[image.tag].forceString',
    ])
  })

  it.each([
    ['kustomize', singleSource('Kustomize', { kustomize: { images: ['x=org/web:2'] } }), {}],
    [
      'helm',
      singleSource('Helm', { helm: { parameters: [forced('image', 'org/web:2')] } }),
      { helm: { spec: 'image' } },
    ],
    [
      'plugin',
      singleSource('Plugin', { plugin: { env: [{ name: 'T', value: '2' }] } }),
      { plugin: { tag: 'T' } },
    ],
  ])('has nothing to do where %s says so already', (_name, app, targets) => {
    expect(plan(app, 'org/web:2', targets)).toEqual({ operations: [], fields: [] })
  })

  it('keeps the spelling that is there, by which kustomize finds the containers', () => {
    const app = singleSource('Kustomize', { kustomize: { images: ['docker.io/org/web:1'] } })
    expect(plan(app, 'org/web:2').fields[0]?.after).toBe('docker.io/org/web:2')
  })

  it('sets variables of a plugin', () => {
    const app = singleSource('Plugin', { plugin: { env: [{ name: 'TAG', value: '1' }] } })
    const { operations } = plan(app, 'org/web:2', { plugin: { name: 'NAME', tag: 'TAG' } })
    expect(applyJsonPatch(app, operations).spec.source?.plugin).toEqual({
      env: [
        { name: 'TAG', value: '2' },
        { name: 'NAME', value: 'org/web' },
      ],
    })
  })

  it('puts several images into one patch', () => {
    const app = singleSource('Kustomize', { kustomize: { images: ['web:1'] } })
    const overrides = ['web:2', 'api:3', 'api:4'].map((image) => ({
      image: parseImageReference(image),
      targets: {},
    }))
    const patched = applyJsonPatch(app, planOverride(app, overrides).operations)
    expect(patched.spec.source?.kustomize?.images).toEqual(['web:2', 'api:4'])
  })

  it('puts each image into the source that has targets for it', () => {
    const app = application(
      { sources: [{ repoURL: 'a', chart: 'web' }, { repoURL: 'b' }] },
      { sourceTypes: ['Helm', 'Kustomize'] },
    )
    const { operations } = planOverride(app, [
      { image: parseImageReference('web:1'), targets: { helm: { spec: 'image' } } },
      { image: parseImageReference('api:1'), targets: { kustomize: { name: 'api' } } },
    ])
    expect(operations.map(({ path }) => path)).toEqual(['/spec/sources/0/helm', '/spec/sources/1/kustomize'])
  })

  it('writes into the dry source of a hydrator, also where it has no block yet', () => {
    const app = application({ sourceHydrator: { drySource: { repoURL: 'r' } } }, { sourceType: 'Kustomize' })
    expect(plan(app, 'web:1').operations).toEqual([
      { op: 'add', path: '/spec/sourceHydrator/drySource/kustomize', value: { images: ['web:1'] } },
    ])
  })

  it('keeps every field it does not know', () => {
    const helm = { parameters: [{ name: 'image.tag', value: '1', later: { x: 1 } }], unknown: true }
    const app = singleSource('Helm', { helm, other: [1] })
    const patched = applyJsonPatch(app, plan(app, 'web:2').operations)
    expect(patched.spec.source).toMatchObject({ other: [1], helm: { unknown: true } })
    expect(patched.spec.source?.helm?.parameters?.[0]).toMatchObject({ value: '2', later: { x: 1 } })
  })

  it.each([
    [
      'plain manifests',
      singleSource('Directory', {}),
      UnsupportedSourceError,
      'application "shop": spec.source holds plain manifests (status.sourceType), whose images no field of an Application can override',
    ],
    [
      'a source not compared yet',
      singleSource('', {}),
      UnsupportedSourceError,
      'application "shop": it is not known yet how Argo CD renders spec.source (Argo CD has not computed status.sourceType yet)',
    ],
    [
      'no source',
      application({}, { sourceType: 'Helm' }),
      UnsupportedSourceError,
      'application "shop" has no spec.source',
    ],
    [
      'a plugin without variables',
      singleSource('Plugin', {}),
      PluginTargetError,
      `application "shop": spec.source is rendered by a plugin, and the rule names no variable for the image's tag`,
    ],
  ])('refuses %s', (_name, app, type, message) => {
    expect(() => plan(app, 'web:1')).toThrow(type)
    expect(() => plan(app, 'web:1')).toThrow(message)
  })
})
