import { describe, expect, it } from 'vitest'
import type { Application } from '../../../src/lib/application/application.ts'
import { type ApplicationText, applicationOf } from '../world.ts'
import { lintLines, lintOf } from './linted.ts'

const IMAGE = { 'image-list': 'app=org/app' }

/** The Application with more in its source. */
function withSource(text: ApplicationText, source: object): Application {
  const application = applicationOf(text)
  return {
    ...application,
    spec: { ...application.spec, source: { ...application.spec.source, repoURL: 'r', ...source } },
  }
}

describe('targets that the source does not have', () => {
  it.each<[string, ApplicationText, string]>([
    [
      'helm.image-tag of a Kustomize source',
      { rules: { ...IMAGE, 'app.helm.image-tag': 't' } },
      'app.helm.image-tag: it names a target of Helm, and spec.source is rendered by Kustomize',
    ],
    [
      'kustomize.image-name of a Helm source',
      { rules: { ...IMAGE, 'app.kustomize.image-name': 'n' }, sourceType: 'Helm' },
      'app.kustomize.image-name: it names a target of Kustomize, and spec.source is rendered by Helm',
    ],
    [
      'helm.image-name of plain manifests',
      {
        rules: {
          'image-list': 'app=org/app:main',
          'app.update-strategy': 'digest',
          'app.helm.image-name': 'n',
        },
        sourceType: 'Directory',
      },
      'app.helm.image-name: it names a target of Helm, and spec.source is rendered by Directory',
    ],
  ])('%s', async (_, text, line) => {
    expect(await lintLines(text)).toEqual([expect.stringContaining(`target-outside-source ${line}`)])
  })

  it('are not told before Argo CD knows the type', async () => {
    expect(await lintLines({ rules: { ...IMAGE, 'app.helm.image-tag': 't' }, sourceType: '' })).toEqual([])
  })
})

describe('Helm parameters', () => {
  const rules = { ...IMAGE, 'app.helm.image-name': 'image.name', 'app.helm.image-tag': 'image.tga' }

  it.each([
    [
      'a parameter',
      {
        helm: {
          parameters: [
            { name: 'image.name', value: 'org/app' },
            { name: 'image.tag', value: '1' },
          ],
        },
      },
    ],
    ['values as an object', { helm: { valuesObject: { image: { name: 'org/app', tag: '1' } } } }],
    ['values as text', { helm: { values: 'image:\n  name: org/app\n  tag: "1"\n' } }],
  ])('that resemble %s of the Application are told', async (_, source) => {
    const [finding, ...others] = await lintOf([withSource({ rules, sourceType: 'Helm' }, source)])
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      code: 'unknown-helm-parameter',
      key: 'app.helm.image-tag',
      remedy: 'Did you mean app.helm.image-tag: image.tag?',
      value: 'image.tga',
    })
  })

  it('that are written unless others are named are told where the Application has one beside them', async () => {
    const source = { helm: { valuesObject: { image: { repository: 'org/app', tag: '1' } } } }
    const findings = await lintOf([withSource({ rules: IMAGE, sourceType: 'Helm' }, source)])
    expect(findings.map(({ code, key, remedy }) => [code, key, remedy])).toEqual([
      [
        'unknown-helm-parameter',
        'app.helm.image-name',
        'Did you mean app.helm.image-name: image.repository?',
      ],
    ])
  })

  it.each([
    ['the Application sets nothing', {}],
    ['what it sets is far away', { helm: { parameters: [{ name: 'replicas', value: '2' }] } }],
    ['its values are no YAML', { helm: { values: '{' } }],
  ])('are not told where %s', async (_, source) => {
    expect(await lintOf([withSource({ rules, sourceType: 'Helm' }, source)])).toEqual([])
  })
})

describe('kustomize.image-name', () => {
  const rules = { ...IMAGE, 'app.kustomize.image-name': 'app-base' }

  it('that is not among the images is told', async () => {
    const lines = await lintLines({ live: ['org/other:1'], rules: { ...rules, 'app.force-update': 'true' } })
    expect(lines).toEqual([
      'kustomize-image-unknown app.kustomize.image-name: neither spec.source.kustomize.images nor what runs has an image "app-base"',
    ])
  })

  it.each<[string, ApplicationText]>([
    ['that runs', { live: ['app-base:1'] }],
    ['that is overridden already', { kustomize: ['app-base=org/app:1'], live: ['org/app:1'] }],
    ['of an Application of which nothing is known to run', {}],
  ])('%s is not', async (_, text) => {
    expect(await lintLines({ rules, ...text })).toEqual([])
  })
})

describe('an image that the Application does not run', () => {
  it('is told, with those it runs', async () => {
    const [finding] = await lintOf([applicationOf({ live: ['org/web:1', 'org/web:2'], rules: IMAGE })])
    expect(finding).toMatchObject({
      code: 'image-not-in-application',
      remedy: 'Write an image that runs (org/web), or force-update: "true" to set it all the same',
    })
  })

  it.each<[string, ApplicationText]>([
    ['it runs', { live: ['docker.io/org/app:1'] }],
    ['the spec declares it', { kustomize: ['org/app:1'], live: ['org/web:1'] }],
    [
      'it is to be set all the same',
      { live: ['org/web:1'], rules: { ...IMAGE, 'app.force-update': 'true' } },
    ],
  ])('is not where %s', async (_, text) => {
    expect(await lintLines({ rules: IMAGE, ...text })).toEqual([])
  })
})

it('a field of the wrong shape is told, and the next Application looked at', async () => {
  const broken = withSource(
    { live: ['org/web:1'], name: 'broken', rules: IMAGE },
    { kustomize: { images: 'org/app:1' } },
  )
  const findings = await lintOf([broken, applicationOf({ rules: { ...IMAGE, 'app.helm.image-tag': 't' } })])
  expect(findings.map(({ code, origin }) => [code, origin.object])).toEqual([
    ['unreadable-field', 'argocd/broken'],
    ['target-outside-source', 'argocd/shop'],
  ])
})
