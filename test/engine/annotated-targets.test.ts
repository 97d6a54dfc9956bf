import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { imageTargets, rivalProblems, targetProblems } from '../../src/lib/engine/annotated-targets.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'

const HELM = {
  parameters: [{ name: 'web.image.name', value: 'ghcr.io/org/web' }],
  valuesObject: { web: { image: { tag: '1.0.0' } } },
  values: 'replicas: 2\n',
}

function shop(keys: Record<string, string>, source: object = { helm: HELM, chart: 'shop' }) {
  const annotations = Object.fromEntries(
    Object.entries({ 'image-list': 'web=ghcr.io/org/web', ...keys }).map(([key, text]) => [
      `${ANNOTATION_PREFIX}${key}`,
      text,
    ]),
  )
  const application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd', annotations },
    spec: { project: 'default', source: { repoURL: 'https://example.com', ...source }, destination: {} },
    status: { sourceType: 'Helm' },
  } as unknown as Application
  const [rule] = readAnnotationRules(application).rules
  if (!rule) throw new Error('the rule cannot be read')
  return { application, rule }
}

describe('Helm parameters of a new rule', () => {
  it('are known by name, by values and by values as text', () => {
    expect(imageTargets(shop({}).application)).toEqual({
      overrideType: 'Helm',
      helmParameters: ['web.image.name', 'web.image.tag', 'replicas'],
    })
  })

  it.each([
    ['that are set', { 'web.helm.image-name': 'web.image.name', 'web.helm.image-tag': 'web.image.tag' }, []],
    [
      'that are misspelt',
      { 'web.helm.image-name': 'web.image.nmae', 'web.helm.image-tag': 'web.image.tag' },
      [/helm\.image-name.*web\.image\.name/],
    ],
    [
      'that are like nothing',
      { 'web.helm.image-spec': 'completely.different' },
      [/helm\.image-spec.*no such parameter.*It sets web\.image\.name, web\.image\.tag, replicas/],
    ],
  ])('%s', (_, keys, problems) => {
    const { application, rule } = shop(keys)
    const told = targetProblems(application, rule).map(
      ({ key, problem, remedy }) => `${key}: ${problem}. ${remedy}`,
    )
    expect(told).toEqual(problems.map((problem) => expect.stringMatching(problem)))
  })

  it('have to be named where they are not the usual ones', () => {
    const { application, rule } = shop({})
    expect(targetProblems(application, rule)).toMatchObject([
      {
        key: 'web.helm.image-name',
        problem: expect.stringContaining('image.name and image.tag are written'),
        remedy: expect.stringContaining('web.image.name, web.image.tag'),
      },
    ])
  })

  it('of an Application that sets none may be any', () => {
    const { application, rule } = shop({ 'web.helm.image-tag': 'any' }, { chart: 'shop' })
    expect(targetProblems(application, rule)).toEqual([])
  })
})

it('a rule that would write the same place as another is told', () => {
  const { application } = shop({ 'image-list': 'web=ghcr.io/org/web,api=ghcr.io/org/api' })
  expect(rivalProblems(application, readAnnotationRules(application), 'web')).toMatchObject([
    { alias: 'web', code: 'shared-place', severity: 'warning' },
  ])
})
