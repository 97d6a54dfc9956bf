import { describe, expect, it } from 'vitest'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { isAnnotationKey, KEYS_OF_AN_IMAGE } from '../../src/lib/rules/annotation-keys.ts'
import { suggestAlias } from '../../src/lib/rules/suggest-alias.ts'

describe('suggestAlias', () => {
  it.each([
    ['nginx', [], 'nginx'],
    ['ghcr.io/org/web', [], 'web'],
    ['ghcr.io/org/shop-web', [], 'web'],
    ['ghcr.io/org/shop', [], 'shop'],
    ['ghcr.io/org/web', ['web'], 'web-2'],
    ['ghcr.io/org/web', ['web', 'web-2'], 'web-3'],
    [`ghcr.io/org/${'long-'.repeat(20)}name`, [], 'long-long-long-long-long-long-long-long'],
  ])('of %s beside %j is %s', (image, taken, alias) => {
    const suggested = suggestAlias(parseImageReference(image), 'shop', new Set(taken))
    expect(suggested).toBe(alias)
    for (const key of KEYS_OF_AN_IMAGE) expect(isAnnotationKey(`${suggested}.${key}`)).toBe(true)
  })
})
