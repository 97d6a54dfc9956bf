import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../../src/lib/rules/annotation-keys.ts'
import { specificityOf } from '../../../src/lib/rules/image-updater/application-ref.ts'
import { readApplicationRules } from '../../../src/lib/rules/image-updater/application-rules.ts'
import { application, imageUpdater, line } from './read.ts'

/** Which alias an Application gets from refs that each name one. */
function chosen(refs: string, name: string, labels: Record<string, string> = {}): string | undefined {
  const { rules, problems } = readApplicationRules(application(name, { labels }), [
    imageUpdater(`applicationRefs: ${refs}`),
  ])
  expect(problems).toEqual([])
  return rules[0]?.alias
}

const ref = (alias: string, pattern: string, labelSelectors = '') =>
  `{ namePattern: "${pattern}", ${labelSelectors && `labelSelectors: ${labelSelectors}, `}images: [{ alias: ${alias}, imageName: x }] }`

describe('which item of applicationRefs is used', () => {
  const refs = `[
    ${ref('any', '*')}, ${ref('shops', 'shop-*')}, ${ref('exact', 'shop-eu')},
    ${ref('prod', '*', '{ matchLabels: { env: prod } }')}, ${ref('question', 'shop-??')}
  ]`

  it.each<[string, Record<string, string>, string]>([
    ['billing', {}, 'any'],
    ['shop-asia', {}, 'shops'],
    ['shop-us', {}, 'shops'],
    ['shop-eu', {}, 'exact'],
    ['shop-asia', { env: 'prod' }, 'prod'],
    ['shop-eu', { env: 'prod' }, 'exact'],
  ])('of %s with labels %j: %s', (name, labels, alias) => {
    expect(chosen(refs, name, labels)).toBe(alias)
  })

  it.each<[string, number | undefined, number]>([
    ['shop', undefined, 1_000_004],
    ['shop-*', undefined, 5],
    ['shop-[abc]?', undefined, 5],
    ['*', 0, 10_000],
    ['shop', 2, 1_010_204],
  ])('%s with a selector of %s requirements counts %d', (pattern, requirements, score) => {
    expect(specificityOf(pattern, requirements)).toBe(score)
  })
})

describe('labelSelectors', () => {
  const labels = { env: 'prod', tier: 'web', 'app.example.com/team': 'a' }
  it.each<[string, boolean]>([
    ['{}', true],
    ['{ matchLabels: { env: prod } }', true],
    ['{ matchLabels: { env: prod, tier: db } }', false],
    ['{ matchLabels: { app.example.com/team: a } }', true],
    ['{ matchLabels: { toString: x } }', false],
    ['{ matchExpressions: [{ key: env, operator: In, values: [dev, prod] }] }', true],
    ['{ matchExpressions: [{ key: zone, operator: In, values: [dev, prod] }] }', false],
    ['{ matchExpressions: [{ key: env, operator: NotIn, values: [dev] }] }', true],
    ['{ matchExpressions: [{ key: env, operator: NotIn, values: [prod] }] }', false],
    ['{ matchExpressions: [{ key: zone, operator: NotIn, values: [eu] }] }', true],
    ['{ matchExpressions: [{ key: env, operator: Exists }] }', true],
    ['{ matchExpressions: [{ key: zone, operator: Exists }] }', false],
    ['{ matchExpressions: [{ key: env, operator: DoesNotExist }] }', false],
    ['{ matchExpressions: [{ key: zone, operator: DoesNotExist }] }', true],
    ['{ matchLabels: { env: prod }, matchExpressions: [{ key: tier, operator: DoesNotExist }] }', false],
  ])('%s: %s', (selector, matches) => {
    expect(chosen(`[${ref('web', '*', selector)}]`, 'shop', labels)).toBe(matches ? 'web' : undefined)
  })

  it.each([
    '{ matchExpressions: [{ key: env, operator: In }] }',
    '{ matchExpressions: [{ key: env, operator: In, values: [] }] }',
    '{ matchExpressions: [{ key: env, operator: Exists, values: [a] }] }',
    '{ matchExpressions: [{ key: env, operator: exists }] }',
    '{ matchExpressions: [{ key: "", operator: Exists }] }',
    '{ matchExpressions: [{ key: "a b", operator: DoesNotExist }] }',
    '{ matchExpressions: {} }',
    '{ matchLabels: { env: "not a value" } }',
    '{ matchLabels: { env: 7 } }',
    '[]',
  ])('%s is faulty: it matches nothing, and says so', (selector) => {
    const faulty = imageUpdater(`applicationRefs: [${ref('web', '*', selector)}]`)
    expect(readApplicationRules(application('shop', { labels }), [faulty])).toEqual({
      problems: [],
      rules: [],
    })
    expect(faulty.problems).toMatchObject([
      { problem: expect.stringMatching(/so the selector matches nothing$/) },
    ])
  })
})

describe('annotations and resources', () => {
  const annotations = { 'image-list': 'own=org/own', 'own.update-strategy': 'alphabetical' }
  const resource = imageUpdater(`applicationRefs: [${ref('web', 'shop')}]`)
  const rulesOf = (
    resources: Parameters<typeof readApplicationRules>[1],
    written: Record<string, string> = annotations,
  ) => {
    const { rules, problems } = readApplicationRules(application('shop', { annotations: written }), resources)
    return {
      rules: rules.map(({ alias, origin }) => `${alias} ${origin.kind} ${origin.object}`),
      problems: problems.map(line),
      remedies: problems.map(({ remedy }) => remedy),
    }
  }

  it('annotations alone are the rules', () => {
    expect(rulesOf([])).toMatchObject({ rules: ['own annotation argocd/shop'], problems: [] })
  })

  it('a resource that does not match changes nothing', () => {
    expect(rulesOf([imageUpdater(`applicationRefs: [${ref('web', 'billing')}]`)])).toMatchObject({
      rules: ['own annotation argocd/shop'],
      problems: [],
    })
  })

  it('a resource of another namespace matches nothing here', () => {
    const elsewhere = imageUpdater(`applicationRefs: [${ref('web', '*')}]`, 'updater', 'team-a')
    expect(rulesOf([elsewhere])).toMatchObject({ rules: ['own annotation argocd/shop'], problems: [] })
  })

  it('a resource that matches is the rule, and the annotations are told to be unread', () => {
    expect(rulesOf([resource])).toEqual({
      rules: ['web image-updater argocd/updater'],
      problems: [
        'warning image-list "own=org/own": ImageUpdater argocd/updater has the rules for this Application, so its annotations are not read',
      ],
      remedies: ['Remove the annotations, or set spec.applicationRefs[0].useAnnotations to true'],
    })
  })

  it('useAnnotations makes the annotations the rules; everything else of the ref is ignored', () => {
    const uses = imageUpdater(`
      commonUpdateSettings: { updateStrategy: digest }
      writeBackConfig: { method: git }
      applicationRefs: [{ namePattern: shop, useAnnotations: true, images: [{ alias: web, imageName: x }] }]
    `)
    const { rules, problems } = readApplicationRules(application('shop', { annotations }), [uses])
    expect(problems).toEqual([])
    expect(rules).toMatchObject([
      {
        alias: 'own',
        strategy: 'alphabetical',
        origin: { kind: 'annotation' },
        writeBack: { method: 'application' },
      },
    ])
  })

  it('useAnnotations of an Application without any is no rule', () => {
    expect(
      rulesOf([imageUpdater('applicationRefs: [{ namePattern: "*", useAnnotations: true }]')], {}),
    ).toMatchObject({
      rules: [],
      problems: [],
    })
  })

  it('useAnnotations with verification stops every image, as this version cannot verify', () => {
    const verified = imageUpdater(`
      applicationRefs: [{ namePattern: shop, useAnnotations: true, imagesVerification: { cosignKey: { secretName: a, key: b } } }]
    `)
    expect(rulesOf([verified])).toMatchObject({
      rules: [],
      problems: [
        'error spec.applicationRefs[0].imagesVerification "enabled": images must have a verified signature, and this version cannot verify any: the image is not updated',
      ],
    })
  })

  it.each<[string, Record<string, string>, string[]]>([
    ['of all images', { hold: 'maybe' }, []],
    ['of one image', { 'web.min-age': 'a day' }, ['api image-updater argocd/updater']],
    [
      'that is switched off',
      { hold: 'false' },
      ['web image-updater argocd/updater', 'api image-updater argocd/updater'],
    ],
  ])(
    'an annotation that protects and cannot be read, %s, is heeded beside a resource',
    (_, written, rules) => {
      const two = imageUpdater(
        'applicationRefs: [{ namePattern: shop, images: [{ alias: web, imageName: x }, { alias: api, imageName: y }] }]',
      )
      const found = rulesOf([two], written)
      expect(found.rules).toEqual(rules)
      expect(
        found.problems.every((problem) => problem.startsWith('error') && /hold|min-age/.test(problem)),
      ).toBe(true)
    },
  )

  it('what annotations want respected counts for rules of a resource too, an image’s own first', () => {
    const two = imageUpdater(
      'applicationRefs: [{ namePattern: shop, images: [{ alias: web, imageName: x }, { alias: api, imageName: y }] }]',
    )
    const annotations = {
      [`${ANNOTATION_PREFIX}max-bump`]: 'minor',
      [`${ANNOTATION_PREFIX}web.max-bump`]: 'patch',
      [`${ANNOTATION_PREFIX}api.hold`]: 'true',
    }
    const { metadata } = application('shop')
    const { problems, rules } = readApplicationRules({ metadata: { ...metadata, annotations } }, [two])
    expect(problems).toEqual([])
    expect(rules.map(({ alias, controls }) => [alias, controls.maxBump, controls.hold])).toEqual([
      ['web', 'patch', undefined],
      ['api', 'minor', { by: '', reason: '' }],
    ])
  })
})

describe('several resources that match one Application', () => {
  const exact = imageUpdater(`applicationRefs: [${ref('exact', 'shop')}]`, 'zebra')
  const wide = imageUpdater(`applicationRefs: [${ref('wide', '*')}]`, 'ant')
  const rulesOf = (...resources: Parameters<typeof readApplicationRules>[1]) => {
    const { rules, problems } = readApplicationRules(application('shop'), resources)
    return [rules.map(({ alias, origin }) => `${alias} ${origin.object}`), problems.map(line)]
  }

  it.each([
    ['in this order', [exact, wide]],
    ['in the other', [wide, exact]],
  ])('the most specific is used, the other is told, %s', (_, resources) => {
    expect(rulesOf(...resources)).toEqual([
      ['exact argocd/zebra'],
      [
        'warning spec.applicationRefs[0].namePattern "shop": Application argocd/shop is also matched by ImageUpdater argocd/ant (*), which is less specific and not used',
      ],
    ])
  })

  it('of two that are equally specific the first by name is used', () => {
    const [rules, problems] = rulesOf(
      exact,
      imageUpdater(`applicationRefs: [${ref('same', 'shop')}]`, 'bear'),
    )
    expect(rules).toEqual(['same argocd/bear'])
    expect(problems).toEqual([
      expect.stringContaining('argocd/zebra (shop), which is as specific, but later by its name'),
    ])
  })

  it('each other resource is told', () => {
    const third = imageUpdater(`applicationRefs: [${ref('third', 's*')}]`, 'cat')
    expect(rulesOf(wide, third, exact)[1]).toHaveLength(2)
  })
})
