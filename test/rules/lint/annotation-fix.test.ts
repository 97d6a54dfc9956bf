import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../../src/lib/rules/annotation-keys.ts'
import { fixAnnotations, isMechanical } from '../../../src/lib/rules/lint/annotation-fix.ts'
import { annotated, findingsOf } from './findings.ts'

type Rules = Readonly<Record<string, string>>

/** Beside `image-list: app=one`, unless the rules have one. */
function rulesOf(rules: Rules): Rules {
  return { 'image-list': 'app=one', ...rules }
}

/** Without prefix: what is set, and what is taken away. */
function fixOf(rules: Rules) {
  const fix = fixAnnotations(annotated(rulesOf(rules)))
  if (fix === undefined) return undefined
  const short = (name: string) => name.slice(ANNOTATION_PREFIX.length)
  const set = Object.entries(fix.set).map(([name, value]) => [short(name), value])
  return { set: Object.fromEntries(set), remove: fix.remove.map(short) }
}

describe('fixAnnotations', () => {
  it.each<[string, Rules, Rules, readonly string[]]>([
    [
      'a misspelt key',
      { 'app.platfroms': 'linux/amd64' },
      { 'app.platforms': 'linux/amd64' },
      ['app.platfroms'],
    ],
    ['a misspelt protection', { 'app.hodl': 'true' }, { 'app.hold': 'true' }, ['app.hodl']],
    [
      'a key that lacks the only alias',
      { platforms: 'linux/amd64' },
      { 'app.platforms': 'linux/amd64' },
      ['platforms'],
    ],
    [
      'the former name latest',
      { 'app.update-strategy': 'latest' },
      { 'app.update-strategy': 'newest-build' },
      [],
    ],
    ['the former name Name', { 'update-strategy': 'Name' }, { 'update-strategy': 'alphabetical' }, []],
    ['no keyword', { 'app.allow-tags': '^v1' }, { 'app.allow-tags': 'regexp:^v1' }, []],
    ['nearly the keyword', { 'app.allow-tags': 'regex:^v1' }, { 'app.allow-tags': 'regexp:^v1' }, []],
    ['tag-match', { 'app.tag-match': 'regexp:^v1' }, { 'app.allow-tags': 'regexp:^v1' }, ['app.tag-match']],
    [
      'tag-match without keyword',
      { 'app.tag-match': '^v1' },
      { 'app.allow-tags': 'regexp:^v1' },
      ['app.tag-match'],
    ],
    [
      'tag-match beside allow-tags',
      { 'app.tag-match': 'regexp:^v1', 'app.allow-tags': 'any' },
      {},
      ['app.tag-match'],
    ],
    [
      'tag-match beside an empty allow-tags',
      { 'app.tag-match': 'regexp:^v1', 'app.allow-tags': '' },
      { 'app.allow-tags': 'regexp:^v1' },
      ['app.tag-match'],
    ],
    ['stray blanks', { 'app.ignore-tags': ' dev, test ' }, { 'app.ignore-tags': 'dev, test' }, []],
    [
      'one repair reveals another',
      { 'app.updat-strategy': ' latest ' },
      { 'app.update-strategy': 'newest-build' },
      ['app.updat-strategy'],
    ],
  ])('%s', (_, rules, set, remove) => {
    expect(fixOf(rules)).toEqual({ set, remove })
  })

  it('a misspelt image-list', () => {
    const fix = fixAnnotations(annotated({ 'image-lst': 'app=one' }))
    expect(fix).toEqual({
      set: { [`${ANNOTATION_PREFIX}image-list`]: 'app=one' },
      remove: [`${ANNOTATION_PREFIX}image-lst`],
    })
  })

  it.each<[string, Rules]>([
    ['nothing is wrong', {}],
    ['the right key is there as well', { 'app.platfroms': 'linux/arm64', 'app.platforms': 'linux/amd64' }],
    ['two keys are equally near', { 'app.helm.image-tpe': 'x' }],
    ['two images lack the key', { 'image-list': 'app=one,web=two', platforms: 'linux/amd64' }],
    ['an alias that is not there', { 'ap.platforms': 'linux/amd64' }],
    ['an unknown keyword', { 'app.allow-tags': 'glob:v1*' }],
    ['a pattern that is none', { 'app.allow-tags': 'regexp:(' }],
    ['a strategy that does not exist', { 'app.update-strategy': 'semverr' }],
  ])('leaves alone what needs a decision: %s', (_, rules) => {
    expect(fixOf(rules)).toBeUndefined()
  })

  it('hundreds of them in one go', () => {
    const misspelt = Array.from({ length: 400 }, (_, index) => [`a${index}.platfroms`, 'linux/amd64'])
    const list = Array.from({ length: 400 }, (_, index) => `a${index}=org/app`).join(',')
    const fix = fixOf({ 'image-list': list, ...Object.fromEntries(misspelt) })
    expect(fix?.remove).toHaveLength(400)
    expect(Object.keys(fix?.set ?? {})).toContain('a399.platforms')
  })

  it('says beforehand what it would put right', () => {
    const rules = rulesOf({ 'app.allow-tags': '^v1', 'app.platforms': 'linux' })
    const object = annotated(rules)
    expect(findingsOf(rules).map((finding) => [finding.code, isMechanical(finding, object)])).toEqual([
      ['allow-tags-keyword', true],
      ['bad-platform', false],
    ])
  })

  it('leaves annotations of others alone, and its own result', () => {
    const object = annotated(rulesOf({ 'app.allow-tags': '^v1' }))
    const metadata = { ...object.metadata, annotations: { ...object.metadata.annotations, other: ' x ' } }
    const fix = fixAnnotations({ metadata })
    expect(Object.keys(fix?.set ?? {})).toEqual([`${ANNOTATION_PREFIX}app.allow-tags`])
    const after = { ...metadata.annotations, ...fix?.set }
    expect(fixAnnotations({ metadata: { ...metadata, annotations: after } })).toBeUndefined()
  })
})
