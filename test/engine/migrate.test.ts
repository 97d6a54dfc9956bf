import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { planAnnotations } from '../../src/lib/engine/migrate-to-annotations.ts'
import { planResources, removalWrites, resourceWrite } from '../../src/lib/engine/migrate-to-resource.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'

const RULES = { 'image-list': 'web=org/web:^1' }
const web = { alias: 'web', imageName: 'org/web:^1' }

function application(name: string, rules: Record<string, string> = RULES, namespace = 'argocd'): Application {
  const named = Object.entries(rules).map(([key, text]) => [`${ANNOTATION_PREFIX}${key}`, text])
  const annotations = Object.fromEntries(named)
  return { metadata: { name, namespace, annotations, resourceVersion: '7' }, spec: {} }
}

function resource(name: string, applicationRefs: readonly object[], more: object = {}): KubernetesObject {
  return {
    metadata: { name, namespace: 'argocd', resourceVersion: '9' },
    spec: { ...more, applicationRefs },
  }
}

describe('from annotations', () => {
  it('there is one resource for each namespace, in the order of names', () => {
    const all = [application('b'), application('z', RULES, 'apps'), application('a')]
    const { namespaces } = planResources(all, [], 'rules')
    const planned = namespaces.map(({ object }) => [
      `${object.metadata.namespace}/${object.metadata.name}`,
      ...object.spec.applicationRefs.map(({ namePattern }) => namePattern),
    ])
    expect(planned).toEqual([
      ['apps/rules', 'z'],
      ['argocd/rules', 'a', 'b'],
    ])
  })

  it('Applications without rules, or whose rules another resource has, are left alone', () => {
    const others = [resource('shops', [{ namePattern: 'shop-*', images: [web] }])]
    const all = [application('none', {}), application('held', { hold: 'true' }), application('shop-eu')]
    expect(planResources(all, others, 'rules')).toEqual({
      losses: [],
      namespaces: [],
      notes: ['argocd/shop-eu has its rules from ImageUpdater argocd/shops already'],
    })
  })

  it('a resource that leaves the rules to annotations is in nobody’s way, unless it would still win', () => {
    const pattern = resource('all', [{ namePattern: '*', useAnnotations: true }])
    expect(planResources([application('shop')], [pattern], 'rules')).toMatchObject({
      losses: [],
      namespaces: [{ namespace: 'argocd' }],
    })
    const exact = resource('all', [{ namePattern: 'shop', useAnnotations: true }])
    expect(
      planResources([application('shop', { ...RULES, 'web.allow-tags': 'any' })], [exact], 'rules'),
    ).toMatchObject({
      losses: [{ object: 'argocd/shop', extent: 'rule', reason: 'the result would have no such rule' }],
    })
  })

  it('what an existing resource demands of everything is a loss where annotations did not', () => {
    const verifying = { imagesVerification: { enabled: true, cosignKey: { secretName: 'a', key: 'b' } } }
    const existing = resource('rules', [{ namePattern: 'x', images: [web] }], verifying)
    const { losses } = planResources([application('shop')], [existing], 'rules')
    expect(losses).toMatchObject([{ object: 'argocd/shop', alias: 'web', extent: 'rule' }])
  })

  it('only what differs is shown, down to single values', () => {
    const { namespaces } = planResources(
      [application('shop'), application('new', { 'image-list': 'api=org/api' })],
      [resource('rules', [{ namePattern: 'shop', images: [{ ...web, imageName: 'org/web' }] }])],
      'rules',
    )
    const [write] = namespaces.map(resourceWrite)
    expect(write?.fields).toEqual([
      { field: 'spec.applicationRefs[0].images[0].imageName', before: 'org/web', after: 'org/web:^1' },
      { field: 'spec.applicationRefs[1].namePattern', before: '', after: 'new' },
      { field: 'spec.applicationRefs[1].images[0].alias', before: '', after: 'api' },
      { field: 'spec.applicationRefs[1].images[0].imageName', before: '', after: 'org/api' },
    ])
    expect(write?.operations[0]).toEqual({ op: 'test', path: '/metadata/resourceVersion', value: '9' })
  })

  it('there is nothing to write where the resource says so already', () => {
    const existing = resource('rules', [{ namePattern: 'shop', images: [web] }])
    const { namespaces } = planResources([application('shop')], [existing], 'rules')
    expect(namespaces.map(resourceWrite)).toEqual([undefined])
  })

  it('the annotations taken away are those of rules', () => {
    const all = [application('shop', { ...RULES, 'web.hold': 'false', 'web.allow-tags': 'any' })]
    const { namespaces } = planResources(all, [], 'rules')
    const fields = namespaces.flatMap(removalWrites).flatMap((write) => write.fields)
    expect(fields.map(({ field }) => field)).toEqual([
      `metadata.annotations[${ANNOTATION_PREFIX}image-list]`,
      `metadata.annotations[${ANNOTATION_PREFIX}web.allow-tags]`,
    ])
  })
})

describe('from resources', () => {
  const shops = resource('shops', [{ namePattern: 'shop-*', images: [web] }])

  it('only Applications whose rules a resource has are planned', () => {
    const leaving = resource('own', [{ namePattern: 'own', useAnnotations: true }])
    const all = [application('shop-eu', {}), application('own'), application('free')]
    expect(planAnnotations(all, [shops, leaving])).toMatchObject({
      applications: [
        {
          difference: { set: { [`${ANNOTATION_PREFIX}image-list`]: 'web=org/web:^1' }, remove: [] },
          resource: 'argocd/shops',
        },
      ],
      losses: [],
    })
  })

  it('annotations that were not read are taken away, and told; those that protect stay', () => {
    const before = { 'web.allow-tags': 'any', 'old.pin-digest': 'true', hold: 'true', ...RULES }
    const { applications, notes } = planAnnotations([application('shop-eu', before)], [shops])
    expect(applications.map(({ difference }) => difference)).toEqual([
      { set: {}, remove: [`${ANNOTATION_PREFIX}web.allow-tags`, `${ANNOTATION_PREFIX}old.pin-digest`] },
    ])
    expect(notes).toEqual([expect.stringContaining('annotations that were not read')])
  })
})
