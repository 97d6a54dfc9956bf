import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { readApplicationRules } from '../../../src/lib/rules/image-updater/application-rules.ts'
import { readImageUpdater } from '../../../src/lib/rules/image-updater/image-updater.ts'
import type { CarriedRules } from '../../../src/lib/rules/migrate/carried-rules.ts'
import { carryAnnotations } from '../../../src/lib/rules/migrate/from-annotations.ts'
import { sameRule } from '../../../src/lib/rules/migrate/same-rules.ts'
import { extendSpec, writeSpec } from '../../../src/lib/rules/migrate/to-resource.ts'
import { SeededRandom } from '../../seeded-random.ts'
import { application } from '../image-updater/read.ts'
import { randomAnnotations } from './rule-sets.ts'

function carried(name: string, annotations: Record<string, string>): CarriedRules {
  const { rules } = carryAnnotations(application(name, { annotations }))
  if (!rules) throw new Error('nothing was carried')
  return rules
}

const WEB = { 'image-list': 'web=org/web:^1', 'web.update-strategy': 'semver' }
const web = { alias: 'web', imageName: 'org/web:^1' }

describe('settings that all images have', () => {
  it('are written once, above', () => {
    const spec = writeSpec([carried('b', { ...WEB, 'web.ignore-tags': 'rc' }), carried('a', WEB)])
    expect(spec).toEqual({
      commonUpdateSettings: { updateStrategy: 'semver' },
      applicationRefs: [
        { namePattern: 'a', images: [web] },
        { namePattern: 'b', images: [{ ...web, commonUpdateSettings: { ignoreTags: ['rc'] } }] },
      ],
    })
  })

  it('stay with the image where there is one only', () => {
    expect(writeSpec([carried('a', WEB)])).toEqual({
      applicationRefs: [
        { namePattern: 'a', images: [{ ...web, commonUpdateSettings: { updateStrategy: 'semver' } }] },
      ],
    })
  })
})

describe('a resource that exists', () => {
  const other = { namePattern: 'other-*', images: [web] }

  it('keeps its other items in place, and everything else', () => {
    const spec = { applicationRefs: [{ namePattern: 'b' }, other], writeBackConfig: { method: 'argocd' } }
    const own = (namePattern: string) => ({
      namePattern,
      images: [{ ...web, commonUpdateSettings: { updateStrategy: 'semver' } }],
    })
    expect(extendSpec(spec, [carried('c', WEB), carried('b', WEB), carried('a', WEB)])).toEqual({
      ...spec,
      applicationRefs: [own('b'), other, own('a'), own('c')],
    })
  })

  it('leaves the default that the API server filled in, so that a second run changes nothing', () => {
    const all = [carried('a', WEB)]
    const { applicationRefs } = writeSpec(all)
    const stored = { applicationRefs: applicationRefs.map((item) => ({ ...item, useAnnotations: false })) }
    expect(extendSpec(stored, all).applicationRefs).toEqual(stored.applicationRefs)
  })

  it('is written anew where every item of it is replaced', () => {
    const all = [carried('a', WEB), carried('b', WEB)]
    const spec = parse('{commonUpdateSettings: {forceUpdate: true}, applicationRefs: [{namePattern: b}]}')
    const anew = writeSpec(all)
    expect(extendSpec(spec, all)).toEqual({ ...anew, applicationRefs: anew.applicationRefs.toReversed() })
  })

  it.each([
    { what: 'is no object', spec: 'text' },
    { what: 'has no list', spec: { applicationRefs: {} } },
    { what: 'is absent', spec: undefined },
  ])('whose spec $what is written anew', ({ spec }) => {
    expect(extendSpec(spec, [carried('a', WEB)]).applicationRefs).toHaveLength(1)
  })

  it.each(Array.from({ length: 60 }, (_, seed) => ({ seed })))(
    'does not hand its settings down to what is added ($seed)',
    ({ seed }) => {
      const random = new SeededRandom(seed)
      const annotated = application('shop', { annotations: randomAnnotations(random) })
      const common = {
        updateStrategy: 'newest-build',
        forceUpdate: true,
        allowTags: 'regexp:^9',
        ignoreTags: ['1*'],
      }
      const existing = {
        commonUpdateSettings: {
          ...common,
          platforms: ['linux/s390x'],
          pullSecret: 'pullsecret:argocd/other',
        },
        applicationRefs: [other],
      }
      const { rules } = carryAnnotations(annotated)
      if (!rules) throw new Error('nothing was carried')
      const metadata = { name: 'updater', namespace: 'argocd' }
      const spec = extendSpec(existing, [rules])
      const after = readApplicationRules(application('shop'), [readImageUpdater({ metadata, spec })]).rules
      const before = readAnnotationRules(annotated).rules
      expect(after.map((rule, index) => before[index] && sameRule(rule, before[index]))).toEqual(
        before.map(() => true),
      )
    },
  )
})
