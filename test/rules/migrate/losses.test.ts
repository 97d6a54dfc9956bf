import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ANNOTATION_PREFIX } from '../../../src/lib/rules/annotation-keys.ts'
import { readApplicationRules } from '../../../src/lib/rules/image-updater/application-rules.ts'
import type { Carried, Loss } from '../../../src/lib/rules/migrate/carried-rules.ts'
import { carryAnnotations } from '../../../src/lib/rules/migrate/from-annotations.ts'
import { carryResource, readResource } from '../../../src/lib/rules/migrate/from-resource.ts'
import { ruleAnnotations } from '../../../src/lib/rules/migrate/rule-annotations.ts'
import { differingImages } from '../../../src/lib/rules/migrate/same-rules.ts'
import { writeRuleAnnotations } from '../../../src/lib/rules/migrate/to-annotations.ts'
import { writeSpec } from '../../../src/lib/rules/migrate/to-resource.ts'
import { application, imageUpdater } from '../image-updater/read.ts'

function carried(annotations: Record<string, string>): Carried {
  return carryAnnotations(application('shop', { annotations }))
}

function carriedBack(spec: string): Carried {
  const resource = readResource({ metadata: { name: 'updater', namespace: 'argocd' }, spec: parse(spec) })
  const result = carryResource(application('shop'), [resource])
  if (!result) throw new Error('no resource matches')
  const written = result.rules ? writeRuleAnnotations(result.rules).losses : []
  return { ...result, losses: [...result.losses, ...written] }
}

const line = ({ alias, key, value, extent, reason }: Loss) =>
  `${extent} ${alias} ${key} "${value}": ${reason}`
const aliases = ({ rules }: Carried) => rules?.images.map(({ alias }) => alias) ?? []

describe('what an ImageUpdater cannot say', () => {
  it.each([
    {
      what: 'how often an image is polled',
      rules: { 'web.image-poll-interval': '5m' },
      loss: 'setting web image-poll-interval "5m": an ImageUpdater has no field for it',
    },
    {
      what: 'that digests are pinned',
      rules: { 'pin-digest': 'true' },
      loss: /^setting web pin-digest "true"/,
    },
    {
      what: 'a tag pattern',
      rules: { 'web.tag-pattern': '(?P<version>.*)' },
      loss: /^setting web tag-pattern/,
    },
    {
      what: 'downgrades',
      rules: { 'web.allow-downgrade': 'true' },
      loss: /^setting web allow-downgrade "true"/,
    },
    {
      what: 'restarts',
      rules: { 'write-back-method': 'restart' },
      loss: 'setting web write-back-method "restart": an ImageUpdater has no field for it',
    },
    {
      what: 'a second pattern for tags',
      rules: { 'web.allow-tags': 'regexp:^v', 'web.image-tag-filter': '1$' },
      loss: /^setting web image-tag-filter "1\$": allowTags is the only pattern/,
    },
  ])('$what', ({ rules, loss }) => {
    const result = carried({ 'image-list': 'web=org/web', ...rules } as Record<string, string>)
    expect(result.losses.map(line)).toEqual([typeof loss === 'string' ? loss : expect.stringMatching(loss)])
    expect(aliases(result)).toEqual(['web'])
  })

  it.each([
    ['source-name', 'values'],
    ['source-index', '1'],
  ])('%s, without which another source would receive the image', (key, value) => {
    const result = carried({ 'image-list': 'web=org/web', [key]: value })
    expect(result.losses.map(line)).toEqual([
      `image web ${key} "${value}": an ImageUpdater has no field for it`,
    ])
    expect(aliases(result)).toEqual([])
  })

  it('a pull request at another service, without which the image would go straight to the branch', () => {
    const git = { 'image-list': 'web=org/web', 'write-back-method': 'git' }
    const result = carried({ ...git, 'pull-request': 'gitea' })
    expect(result.losses.map(line)).toEqual([
      'image web pull-request "gitea": an ImageUpdater knows github and gitlab only',
    ])
    expect(aliases(result)).toEqual([])
    expect(carried({ ...git, 'pull-request': 'gitlab' }).losses).toEqual([])
  })

  it.each([
    { what: 'pin-digest: false', rules: { 'web.pin-digest': 'false' } },
    { what: 'allow-downgrade: false', rules: { 'web.allow-downgrade': 'false' } },
    { what: 'a filter beside allow-tags: any', rules: { 'web.allow-tags': 'Any', 'image-tag-filter': '^v' } },
    { what: 'an image-tag-filter alone', rules: { 'web.image-tag-filter': '^v' } },
    { what: 'the former name of allow-tags', rules: { 'web.tag-match': 'regexp:^v' } },
    { what: 'the write-back method application', rules: { 'write-back-method': 'application' } },
    { what: 'a hold, which stays an annotation', rules: { 'web.hold': 'true' } },
  ])('but nothing is lost of $what', ({ rules }) => {
    const result = carried({ 'image-list': 'web=org/web', ...rules } as Record<string, string>)
    expect(result.losses).toEqual([])
    expect(aliases(result)).toEqual(['web'])
  })

  it('and of two write-back methods the first image’s', () => {
    const result = carried({
      'image-list': 'web=org/web, api=org/api',
      'api.write-back-method': 'git',
    })
    expect(result.losses.map(line)).toEqual([
      'image api write-back-method "git": an ImageUpdater has one write-back method for all images of an Application, here argocd',
    ])
    expect(aliases(result)).toEqual(['web'])
  })

  it('and an image that is wrong already stays behind alone', () => {
    const result = carried({ 'image-list': 'web=org/web, api=org/api', 'api.allow-tags': '^v' })
    expect(result.losses.map(line)).toEqual([expect.stringMatching(/^image api api.allow-tags "\^v"/)])
    expect(aliases(result)).toEqual(['web'])
  })
})

describe('what annotations cannot say', () => {
  const images = (fields: string, more = '') => `
    applicationRefs:
      - namePattern: shop
        images: [{alias: web, imageName: org/web, ${fields}}]
${more}`
  it.each([
    {
      what: 'variables of a plugin',
      spec: images('manifestTargets: {plugin: {spec: IMAGE}}'),
      losses: ['setting web manifestTargets.plugin "{"spec":"IMAGE"}": there is no annotation for it'],
    },
    {
      what: 'labels of a pull request',
      spec: images(
        '',
        '    writeBackConfig: {method: git, gitConfig: {pullRequest: {gitlab: {}, labels: [a, b]}}}',
      ),
      losses: [
        'setting  pullRequest.labels "a, b": there is no annotation for it: --pull-request-label gives labels to all pull requests',
      ],
    },
    {
      what: 'verification',
      spec: images('imagesVerification: {enabled: true, cosignKey: {secretName: a, key: b}}'),
      losses: [expect.stringMatching(/^image web .*imagesVerification "enabled"/)],
    },
    {
      what: 'a glob with a comma',
      spec: images("commonUpdateSettings: {ignoreTags: ['a,b', rc]}"),
      losses: ['setting web ignoreTags "a,b": a comma separates the globs of ignore-tags'],
    },
    {
      what: 'a very long alias',
      spec: `
    applicationRefs:
      - namePattern: shop
        images: [{alias: ${'a'.repeat(60)}, imageName: org/web, commonUpdateSettings: {forceUpdate: true}}]`,
      losses: [expect.stringMatching(/^image a+ alias .* too long/)],
    },
  ])('$what', ({ spec, losses }) => {
    expect(carriedBack(spec).losses.map(line)).toEqual(losses)
  })
})

describe('an image without a usable alias', () => {
  it('gets one from its repository, which is told', () => {
    const result = carried({ 'image-list': 'ghcr.io/org/web, web=org/other, org/web, org/api=org/api' })
    expect(aliases(result)).toEqual(['web-2', 'web', 'web-3', 'api'])
    expect(result.notes).toEqual([
      'argocd/shop: image ghcr.io/org/web has no alias: it becomes web-2',
      'argocd/shop: image org/web has no alias: it becomes web-3',
      'argocd/shop: image org/api has the alias "org/api", which is none for a resource: it becomes api',
    ])
  })
})

describe('reading the result back', () => {
  const shop = application('shop', { annotations: { 'image-list': 'web=org/web:^1' } })

  it('finds nothing where the rules are the same', () => {
    const { rules } = carryAnnotations(shop)
    if (!rules) throw new Error('nothing was carried')
    const resource = readResource({ metadata: { name: 'a', namespace: 'argocd' }, spec: writeSpec([rules]) })
    const after = readApplicationRules(application('shop'), [resource.imageUpdater])
    expect(differingImages(rules, after.rules, [])).toEqual([])
  })

  it.each([
    {
      what: 'a setting above',
      spec: `
    commonUpdateSettings: {ignoreTags: ['1.5.0']}
    applicationRefs: [{namePattern: shop, images: [{alias: web, imageName: 'org/web:^1'}]}]`,
      loss: 'rule web filter "": the result would read it as "ignore-tags 1.5.0"',
    },
    {
      what: 'an image that is not there',
      spec: "applicationRefs: [{namePattern: shop, images: [{alias: api, imageName: 'org/web:^1'}]}]",
      loss: 'rule web image "org/web:^1": the result would have no such rule',
    },
  ])('finds $what', ({ spec, loss }) => {
    const { rules } = carryAnnotations(shop)
    if (!rules) throw new Error('nothing was carried')
    const after = readApplicationRules(application('shop'), [imageUpdater(spec)])
    expect(differingImages(rules, after.rules, []).map(line)).toEqual([loss])
  })
})

it('rule annotations are all of the updater but those that protect', () => {
  const named = ['image-list', 'web.hold', 'a.b.min-age', 'skip-tags', 'web.allow-tags', 'misspelt']
  const all = Object.fromEntries(named.map((key) => [`${ANNOTATION_PREFIX}${key}`, 'x']))
  expect(ruleAnnotations({ ...all, 'example.com/hold': 'x' })).toEqual(
    ['image-list', 'web.allow-tags', 'misspelt'].map((key) => `${ANNOTATION_PREFIX}${key}`),
  )
})
