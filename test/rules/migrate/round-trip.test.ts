import { describe, expect, it } from 'vitest'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { readApplicationRules } from '../../../src/lib/rules/image-updater/application-rules.ts'
import { carryAnnotations } from '../../../src/lib/rules/migrate/from-annotations.ts'
import { carryResource, readResource } from '../../../src/lib/rules/migrate/from-resource.ts'
import { writeRuleAnnotations } from '../../../src/lib/rules/migrate/to-annotations.ts'
import { writeSpec } from '../../../src/lib/rules/migrate/to-resource.ts'
import type { UpdateRule } from '../../../src/lib/rules/update-rule.ts'
import { SeededRandom } from '../../seeded-random.ts'
import { application } from '../image-updater/read.ts'
import { randomAnnotations } from './rule-sets.ts'

/** A rule as a plain value, without where it was written. Its filter goes by what it does to tags. */
function plain({ origin: _, alias: __, filter, writeBack, ...rule }: UpdateRule) {
  const { written, ...place } = writeBack
  const tags = ['v1.2', 'v2', '1.5.0', '1.4.0-rc1', 'latest', 'web-debug', 'main-1', 'a,b', 'any', 'any-1']
  const kept = tags.filter((tag) => filter.judge(tag) === undefined)
  return { ...rule, kept, writeBack: { ...place, written: written === 'application' ? 'argocd' : written } }
}

const bare = [0, 1, 2].map((number) => application(`shop-${number}`))

describe('a round trip', () => {
  it.each(Array.from({ length: 150 }, (_, seed) => ({ seed })))('is the identity ($seed)', ({ seed }) => {
    const random = new SeededRandom(seed)
    const annotated = bare.map(({ metadata }) =>
      application(metadata.name, { annotations: randomAnnotations(random) }),
    )
    const carried = annotated.map(carryAnnotations)
    expect(carried.flatMap(({ losses }) => losses)).toEqual([])
    const spec = writeSpec(carried.flatMap(({ rules }) => rules ?? []))
    const resource = readResource({ metadata: { name: 'updater', namespace: 'argocd' }, spec })
    expect(resource.imageUpdater.problems).toEqual([])
    const backAgain = bare.map((object, index) => {
      const before = readAnnotationRules(annotated[index] ?? object).rules
      const between = readApplicationRules(object, [resource.imageUpdater]).rules
      expect(between.map(plain)).toEqual(before.map(plain))
      expect(before.length).toBeGreaterThan(0)

      const rules = carryResource(object, [resource])?.rules
      if (!rules) throw new Error('the resource does not match')
      const { annotations, losses } = writeRuleAnnotations(rules)
      expect(losses).toEqual([])
      const { name, namespace = '' } = object.metadata
      const again = { metadata: { name, namespace, annotations } }
      const after = readAnnotationRules(again).rules
      expect(after.map(plain)).toEqual(before.map(plain))
      expect(after.map(({ alias }) => alias)).toEqual(between.map(({ alias }) => alias))
      return carryAnnotations(again).rules
    })
    expect(writeSpec(backAgain.flatMap((rules) => rules ?? []))).toEqual(spec)
  })
})
