import { describe, expect, it } from 'vitest'
import { formatImageReference } from '../../../src/lib/image/reference.ts'
import { readImageUpdater } from '../../../src/lib/rules/image-updater/image-updater.ts'
import { imageUpdater, line, shopRules } from './read.ts'

describe('an ImageUpdater as people write it', () => {
  const set = shopRules(`
    commonUpdateSettings: { updateStrategy: semver, platforms: [linux/amd64, linux/arm64] }
    writeBackConfig: { method: argocd }
    applicationRefs:
      - namePattern: shop
        images:
          - alias: web
            imageName: ghcr.io/shop/web:^1.4, !=1.4.3
            commonUpdateSettings: { allowTags: "regexp:1", ignoreTags: ["*-rc", "[a,b]*"] }
            manifestTargets: { helm: { name: web.image, tag: web.tag } }
          - alias: api
            imageName: ghcr.io/shop/api
            commonUpdateSettings: { updateStrategy: newest-build, forceUpdate: true }
  `)

  it('has a rule an image, which knows where it was written', () => {
    expect(set.problems).toEqual([])
    expect(set.rules).toMatchObject([
      {
        origin: {
          kind: 'image-updater',
          object: 'argocd/updater',
          field: 'spec.applicationRefs[0].images[0]',
        },
        alias: 'web',
        strategy: 'semver',
        forceUpdate: false,
        platforms: [{ architecture: 'amd64' }, { architecture: 'arm64' }],
        targets: { helm: { name: 'web.image', tag: 'web.tag' } },
        writeBack: { method: 'application', written: 'argocd' },
      },
      { alias: 'api', strategy: 'newest-build', forceUpdate: true, targets: {} },
    ])
  })

  it('may have commas where annotations cannot: in a constraint and in a glob', () => {
    expect(set.rules[0] && formatImageReference(set.rules[0].image)).toBe('ghcr.io/shop/web:^1.4, !=1.4.3')
    expect(set.rules[0]?.filter.judge('a1')?.stage).toBe('ignore-tags')
    expect(set.rules[0]?.filter.judge('v1.4.0')).toBeUndefined()
  })
})

describe('settings', () => {
  const rules = (global: string, ref: string, image: string) => {
    const set = shopRules(`
      commonUpdateSettings: ${global}
      applicationRefs:
        - namePattern: shop
          commonUpdateSettings: ${ref}
          images: [{ alias: web, imageName: shop/web, commonUpdateSettings: ${image} }]
    `)
    expect(set.problems.map(line)).toEqual([])
    const { strategy, filter, forceUpdate } = set.rules[0] ?? {}
    return [strategy, filter?.description, forceUpdate]
  }

  it.each<[string, string, string, string, unknown[]]>([
    ['of the resource', '{ updateStrategy: alphabetical }', '{}', '{}', ['alphabetical', '', false]],
    [
      'of the image over those of the ref over those of the resource',
      '{ updateStrategy: alphabetical, allowTags: any, forceUpdate: true }',
      '{ updateStrategy: newest-build, allowTags: "regexp:^1" }',
      '{ allowTags: "regexp:^2" }',
      ['newest-build', 'allow-tags regexp:^2', true],
    ],
    [
      'lists are replaced as a whole',
      '{ ignoreTags: [a, b] }',
      '{ ignoreTags: [c] }',
      '{}',
      ['semver', 'ignore-tags c', false],
    ],
    [
      'an empty list takes all entries away',
      '{ ignoreTags: [a, b] }',
      '{}',
      '{ ignoreTags: [] }',
      ['semver', '', false],
    ],
    ['false takes true away', '{ forceUpdate: true }', '{}', '{ forceUpdate: false }', ['semver', '', false]],
    [
      'null says nothing',
      '{ updateStrategy: alphabetical }',
      '{ updateStrategy: null }',
      'null',
      ['alphabetical', '', false],
    ],
  ])('%s', (_, global, ref, image, expected) => {
    expect(rules(global, ref, image)).toEqual(expected)
  })
})

describe('writeBackConfig', () => {
  const writeBack = (global: string, ref: string) => {
    const { rules, problems } = shopRules(`
      writeBackConfig: ${global}
      applicationRefs:
        - { namePattern: shop, writeBackConfig: ${ref}, images: [{ alias: web, imageName: shop/web }] }
    `)
    return rules[0]?.writeBack ?? problems.map(line)
  }
  const full = '{ method: git, gitConfig: { repository: r, branch: b, writeBackTarget: kustomization } }'

  it.each<[string, string, string, unknown]>([
    ['absent: the Application itself', '{}', '{}', { method: 'application', written: 'argocd' }],
    [
      'one for all',
      full,
      '{}',
      { method: 'git', written: 'git', target: 'kustomization', gitBranch: 'b', gitRepository: 'r' },
    ],
    [
      'merges field by field',
      full,
      '{ method: "git:secret:argocd/creds", gitConfig: { branch: "main:release" } }',
      {
        method: 'git',
        written: 'git:secret:argocd/creds',
        target: 'kustomization',
        gitBranch: 'main:release',
        gitRepository: 'r',
      },
    ],
    [
      'replaces a pull request as a whole',
      '{ method: git, gitConfig: { pullRequest: { github: {}, labels: [a] } } }',
      '{ gitConfig: { pullRequest: { gitlab: {} } } }',
      {
        method: 'git',
        written: 'git',
        pullRequest: { labels: [], service: 'gitlab' },
      },
    ],
    [
      'refuses two services for one pull request',
      '{ method: git, gitConfig: { pullRequest: { github: {}, gitlab: {} } } }',
      '{}',
      [
        'error spec.writeBackConfig.gitConfig.pullRequest "{\\"github\\":{},\\"gitlab\\":{}}": it names two services for one pull request',
      ],
    ],
    [
      'refuses a method that does not exist',
      '{ method: gti }',
      '{}',
      ['error spec.writeBackConfig.method "gti": "gti" is not a write-back method'],
    ],
  ])('%s', (_, global, ref, expected) => {
    expect(writeBack(global, ref)).toEqual(expected)
  })

  it('says when there will be no pull request', () => {
    const { problems } = imageUpdater(`
      writeBackConfig: { gitConfig: { pullRequest: { github: {} } } }
      applicationRefs: [{ namePattern: shop, images: [{ alias: web, imageName: shop/web }] }]
    `)
    expect(problems.map(line)).toEqual([
      'warning spec.writeBackConfig.gitConfig.pullRequest "{\\"github\\":{}}": without the write-back method git there is no pull request: the Application itself is changed',
    ])
  })
})

describe('manifestTargets', () => {
  const image = (targets: string) => {
    const { rules, problems } = shopRules(`
      applicationRefs:
        - { namePattern: shop, images: [{ alias: web, imageName: shop/web, manifestTargets: ${targets} }] }
    `)
    return rules[0]?.targets ?? problems.map(line)
  }

  it.each<[string, unknown]>([
    ['{ helm: { spec: image } }', { helm: { spec: 'image' } }],
    ['{ helm: {} }', { helm: {} }],
    ['{ kustomize: { name: base/web } }', { kustomize: { name: 'base/web' } }],
    ['{ plugin: { name: IMAGE, tag: TAG } }', { plugin: { name: 'IMAGE', tag: 'TAG' } }],
    ['{}', ['error spec.applicationRefs[0].images[0].manifestTargets "{}": it names no target']],
    [
      '{ helm: {}, kustomize: { name: a } }',
      [
        'error spec.applicationRefs[0].images[0].manifestTargets "{\\"helm\\":{},\\"kustomize\\":{\\"name\\":\\"a\\"}}": it names several targets for one image',
      ],
    ],
    [
      '{ kustomize: {} }',
      ['error spec.applicationRefs[0].images[0].manifestTargets.kustomize.name "": there is no name'],
    ],
    [
      '{ plugin: { tag: TAG } }',
      [
        'error spec.applicationRefs[0].images[0].manifestTargets.plugin "{\\"tag\\":\\"TAG\\"}": it names no variable',
      ],
    ],
  ])('%s', (targets, expected) => {
    expect(image(targets)).toEqual(expected)
  })
})

describe('imagesVerification', () => {
  const aliases = (global: string, ref: string, image: string) => {
    const { rules, problems } = shopRules(`
      imagesVerification: ${global}
      applicationRefs:
        - namePattern: shop
          imagesVerification: ${ref}
          images:
            - { alias: web, imageName: shop/web, imagesVerification: ${image} }
            - { alias: api, imageName: shop/api }
    `)
    for (const { severity, problem } of problems) {
      expect(severity).toBe('error')
      expect(problem).toContain('this version cannot verify any: the image is not updated')
    }
    return [rules.map(({ alias }) => alias), problems.map(({ alias, key }) => `${alias} ${key}`)]
  }
  const on = '{ cosignKey: { secretName: cosign, key: cosign.pub } }'
  const off = '{ enabled: false }'

  it.each<[string, string, string, string, [string[], string[]]]>([
    ['nowhere', 'null', 'null', 'null', [['web', 'api'], []]],
    ['everywhere', on, 'null', 'null', [[], ['web spec.imagesVerification', 'api spec.imagesVerification']]],
    ['off for the ref', on, off, 'null', [['web', 'api'], []]],
    [
      'on for one image',
      'null',
      'null',
      on,
      [['api'], ['web spec.applicationRefs[0].images[0].imagesVerification']],
    ],
    ['off for one image', 'null', on, off, [['web'], ['api spec.applicationRefs[0].imagesVerification']]],
  ])('%s', (_, global, ref, image, expected) => {
    expect(aliases(global, ref, image)).toEqual(expected)
  })
})

describe('a bad image stops itself only', () => {
  it.each<[string, string]>([
    [
      '{ alias: web, imageName: shop/web, commonUpdateSettings: { allowTags: ^v1 } }',
      'error spec.applicationRefs[0].images[0].commonUpdateSettings.allowTags "^v1"',
    ],
    [
      '{ alias: web, imageName: shop/web, commonUpdateSettings: { updateStrategy: sevmer } }',
      'error spec.applicationRefs[0].images[0].commonUpdateSettings.updateStrategy "sevmer": "sevmer" is not an update strategy',
    ],
    [
      '{ alias: web, imageName: shop/web, commonUpdateSettings: { forceUpdate: "yes" } }',
      'error spec.applicationRefs[0].images[0].commonUpdateSettings.forceUpdate "yes": this is neither true nor false',
    ],
    [
      '{ alias: web, imageName: shop/web, commonUpdateSettings: { ignoreTags: latest } }',
      'error spec.applicationRefs[0].images[0].commonUpdateSettings.ignoreTags "latest": this is not a list',
    ],
    [
      '{ alias: web, imageName: shop/web, commonUpdateSettings: { pullSecret: "ext:/bin/sh" } }',
      'error spec.applicationRefs[0].images[0].commonUpdateSettings.pullSecret "ext:/bin/sh": "ext:/bin/sh" would run a program on your machine, which argocd/updater may not ask for',
    ],
    [
      '{ alias: web, imageName: shop/web, commonUpdateSettings: { pullSecret: "secret:other/s#f" } }',
      'error spec.applicationRefs[0].images[0].commonUpdateSettings.pullSecret "secret:other/s#f": "secret:other/s#f" names a secret of namespace "other"',
    ],
    ['{ alias: web }', 'error spec.applicationRefs[0].images[0].imageName "": no image is named'],
    [
      '{ alias: web, imageName: "shop/web:" , commonUpdateSettings: { updateStrategy: digest } }',
      'error spec.applicationRefs[0].images[0].imageName "shop/web:"',
    ],
    [
      '{ alias: we/b, imageName: shop/web }',
      'error spec.applicationRefs[0].images[0].alias "we/b": this is not an alias',
    ],
    ['{ imageName: shop/web }', 'error spec.applicationRefs[0].images[0].alias "": this is not an alias'],
    ['web', 'error spec.applicationRefs[0].images[0] "web": this is not an object'],
    ['[]', 'error spec.applicationRefs[0].images[0] "[]": this is not an object'],
  ])('%s', (image, problem) => {
    const set = shopRules(`
      applicationRefs: [{ namePattern: shop, images: [${image}, { alias: api, imageName: shop/api }] }]
    `)
    expect(set.rules.map(({ alias }) => alias)).toEqual(['api'])
    expect(set.problems.map(line)).toEqual([expect.stringContaining(problem)])
  })

  it('the second under one alias', () => {
    const set = shopRules(`
      applicationRefs: [{ namePattern: shop, images: [{ alias: a, imageName: b }, { alias: a, imageName: c }] }]
    `)
    expect(set.rules.map(({ image }) => image.repository)).toEqual(['b'])
    expect(set.problems.map(line)).toEqual([
      'error spec.applicationRefs[0].images[1].alias "a": the alias is used for two images',
    ])
  })
})

it('names its own fields in advice, not annotations', () => {
  const { problems } = shopRules(`
    applicationRefs: [{ namePattern: shop, images: [{ alias: web, imageName: "shop/web:production" }] }]
  `)
  expect(problems).toMatchObject([
    {
      severity: 'warning',
      remedy:
        'Write spec.applicationRefs[0].images[0].commonUpdateSettings.updateStrategy: digest, or a range such as 1.x after the colon',
    },
  ])
})

describe('a bad ref stops the Applications that it matches', () => {
  it.each<[string, string]>([
    ['images: {}', 'error spec.applicationRefs[0].images "{}": this is not a list'],
    [
      'images: []',
      'error spec.applicationRefs[0].images "[]": no image is named, and useAnnotations is not set',
    ],
    [
      'useAnnotations: "true"',
      'error spec.applicationRefs[0].useAnnotations "true": this is neither true nor false',
    ],
    [
      'commonUpdateSettings: semver',
      'error spec.applicationRefs[0].commonUpdateSettings "semver": this is not an object',
    ],
  ])('%s', (field, problem) => {
    const images = field.startsWith('images') ? '' : 'images: [{ alias: web, imageName: shop/web }], '
    const set = shopRules(`applicationRefs: [{ namePattern: shop, ${images}${field} }]`)
    expect(set.rules).toEqual([])
    expect(set.problems.map(line)[0]).toBe(problem)
  })
})

describe('of the resource as a whole is told', () => {
  it.each<[string, string, string[]]>([
    [
      'a field that does not exist, with the nearest that does',
      'applicationRefs: [{ namePattern: shop, labelSelector: {}, images: [{ alias: a, imageName: b, allowTag: any }] }]',
      [
        'warning spec.applicationRefs[0].labelSelector "{}": an ImageUpdater has no such field',
        'warning spec.applicationRefs[0].images[0].allowTag "any": an ImageUpdater has no such field',
      ],
    ],
    ['no refs', '{}', ['error spec "{}": there are no applicationRefs, so no Application matches']],
    [
      'refs that are no list',
      'applicationRefs: shop',
      ['error spec.applicationRefs "shop": this is not a list'],
    ],
    [
      'a ref that is no object',
      'applicationRefs: [shop]',
      ['error spec.applicationRefs[0] "shop": this is not an object'],
    ],
    [
      'a ref without pattern',
      'applicationRefs: [{ useAnnotations: true }]',
      ['error spec.applicationRefs[0].namePattern "": there is no pattern, so no Application matches'],
    ],
    [
      'a pattern that is none',
      'applicationRefs: [{ namePattern: "shop-[", useAnnotations: true }]',
      [
        'error spec.applicationRefs[0].namePattern "shop-[": "shop-[" is not a glob: a "[" is never closed, so no Application matches',
      ],
    ],
    [
      'an unknown operator',
      'applicationRefs: [{ namePattern: shop, useAnnotations: true, labelSelectors: { matchExpressions: [{ key: a, operator: in }] } }]',
      [
        'error spec.applicationRefs[0].labelSelectors.matchExpressions[0].operator "in": this is not an operator, so the selector matches nothing',
      ],
    ],
    [
      'text',
      'shop',
      [
        'error spec "shop": this is not an object',
        'error spec "shop": there are no applicationRefs, so no Application matches',
      ],
    ],
  ])('%s', (_, spec, problems) => {
    expect(imageUpdater(spec).problems.map(line)).toEqual(problems)
  })

  it('says which field was meant', () => {
    const { problems } = imageUpdater(
      '{ applicationRefs: [{ namePattern: a, labelSelector: {}, useAnnotation: true }] }',
    )
    expect(problems.map(({ remedy }) => remedy)).toEqual([
      'Did you mean labelSelectors?',
      'Did you mean useAnnotations?',
    ])
  })

  it('that it is being deleted', () => {
    const metadata = { name: 'updater', namespace: 'argocd', deletionTimestamp: '2026-10-01T00:00:00Z' }
    const spec = { applicationRefs: [{ namePattern: '*', useAnnotations: true }] }
    const read = readImageUpdater({ metadata, spec })
    expect(read.applicationRefs).toEqual([])
    expect(read.problems).toMatchObject([
      { problem: 'the resource is being deleted, so its rules are not used' },
    ])
  })
})

it.each([
  undefined,
  null,
  7,
  true,
  [],
  { applicationRefs: [null, 7, [], {}] },
  { applicationRefs: [{ namePattern: {}, labelSelectors: 7, images: [null, { alias: {}, imageName: [] }] }] },
  { applicationRefs: [{ namePattern: 'x'.repeat(5000), images: Array(600).fill({}) }] },
  {
    applicationRefs: [
      { namePattern: '*', labelSelectors: { matchLabels: { a: 1 }, matchExpressions: [7, {}] } },
    ],
  },
  JSON.parse(
    '{"__proto__":{},"applicationRefs":[{"namePattern":"*","constructor":{},"images":[{"__proto__":1}]}]}',
  ),
])('never throws: %j', (spec) => {
  const { problems, applicationRefs } = readImageUpdater({ metadata: { name: 'updater' }, spec })
  const all = [...problems, ...applicationRefs.flatMap(({ rules }) => rules.problems)]
  expect(all.length).toBeGreaterThan(0)
  expect(all.every(({ key }) => key.startsWith('spec'))).toBe(true)
})
