import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { annotateResource, shadowProblems } from '../../src/lib/engine/annotate-resource.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'

const ANSWERS = { alias: 'web', image: 'ghcr.io/shop/web', constraint: '^1.4', strategy: 'semver' }

function application(name: string, annotations: Record<string, string> = {}): Application {
  const source = { repoURL: 'https://git.example.com/a.git', path: '.' }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', annotations },
    spec: { project: 'default', source, destination: {} },
  } as unknown as Application
}

function imageUpdater(name: string, ...applicationRefs: object[]) {
  return {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name, namespace: 'argocd' },
    spec: { applicationRefs },
  }
}

const API = [{ alias: 'api', imageName: 'ghcr.io/shop/api' }]

describe('annotateResource', () => {
  it('makes one resource for the Applications of a namespace, and reads each rule back', () => {
    const plan = annotateResource([application('shop'), application('zoo')], [], 'rules', ANSWERS)
    expect(plan.refusals).toEqual([])
    expect(plan.namespaces).toMatchObject([
      {
        namespace: 'argocd',
        object: {
          metadata: { name: 'rules', namespace: 'argocd' },
          spec: { applicationRefs: [{ namePattern: 'shop' }, { namePattern: 'zoo' }] },
        },
      },
    ])
    expect(plan.namespaces[0]).not.toHaveProperty('existing')
    expect(plan.rules).toMatchObject([
      { application: { metadata: { name: 'shop' } }, rule: { alias: 'web', image: { tag: '^1.4' } } },
      { application: { metadata: { name: 'zoo' } }, rule: { alias: 'web' } },
    ])
  })

  it('adds the image to the item of this Application', () => {
    const existing = imageUpdater(
      'rules',
      { namePattern: 'zoo*', images: API },
      { namePattern: 'shop', images: API },
    )
    const plan = annotateResource([application('shop')], [existing], 'rules', ANSWERS)
    expect(plan.refusals).toEqual([])
    expect(plan.namespaces[0]?.existing).toBe(existing)
    expect(plan.namespaces[0]?.object.spec.applicationRefs).toMatchObject([
      { namePattern: 'zoo*', images: API },
      { namePattern: 'shop', images: [...API, { alias: 'web', imageName: 'ghcr.io/shop/web:^1.4' }] },
    ])
  })

  it.each([
    [
      'rules in annotations',
      application('shop', { [`${ANNOTATION_PREFIX}image-list`]: 'a=b' }),
      [],
      /shop: its rules are annotations .*image-list/,
    ],
    [
      'another resource',
      application('shop'),
      [imageUpdater('others', { namePattern: 's*', images: API })],
      /ImageUpdater argocd\/others has its rules \(s\*\)/,
    ],
    [
      'an item for several Applications',
      application('shop'),
      [imageUpdater('rules', { namePattern: 's*', images: API })],
      /has its rules for s\*, and an item for shop alone would replace them all/,
    ],
    [
      'useAnnotations',
      application('shop'),
      [imageUpdater('rules', { namePattern: 'shop', useAnnotations: true })],
      /says useAnnotations for it/,
    ],
  ])('refuses beside %s, and goes on with the next', (_, shop, objects, problem) => {
    const plan = annotateResource([shop, application('zoo')], objects, 'rules', ANSWERS)
    expect(plan.refusals).toMatchObject([{ message: expect.stringMatching(problem) }])
    expect(plan.rules.map((each) => each.application.metadata.name)).toEqual(['zoo'])
  })

  it('refuses a rule that would not work', () => {
    const plan = annotateResource([application('shop')], [], 'rules', { ...ANSWERS, strategy: 'bestest' })
    expect(plan.namespaces).toEqual([])
    expect(plan.refusals).toMatchObject([{ message: expect.stringContaining('"bestest"') }])
  })
})

it('shadowProblems names the resource beside which annotations are not read', () => {
  const rules = imageUpdater('rules', { namePattern: 'shop', images: API })
  const annotated = imageUpdater('rules', { namePattern: 'shop', useAnnotations: true })
  expect(shadowProblems(application('shop'), [rules], 'web')).toMatchObject([
    { problem: expect.stringContaining('ImageUpdater argocd/rules'), remedy: 'Use --image-updater rules' },
  ])
  expect(shadowProblems(application('zoo'), [rules], 'web')).toEqual([])
  expect(shadowProblems(application('shop'), [annotated], 'web')).toEqual([])
})
