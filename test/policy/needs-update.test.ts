import { describe, expect, it } from 'vitest'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { indexOfDigestTarget, needsUpdate } from '../../src/lib/policy/needs-update.ts'

const ONE = `sha256:${'1'.repeat(64)}`
const TWO = `sha256:${'2'.repeat(64)}`

describe('needsUpdate', () => {
  it.each([
    ['digest: the same', 'digest', `org/a:main@${ONE}`, { name: 'main', digest: ONE }, false],
    ['digest: another', 'digest', `org/a:main@${TWO}`, { name: 'main', digest: ONE }, true],
    ['digest: none runs', 'digest', 'org/a:main', { name: 'main', digest: ONE }, true],
    ['the same tag', 'semver', 'org/a:1.0', { name: '1.0', digest: '' }, false],
    ['another tag', 'semver', 'org/a:1.0', { name: '1.1', digest: '' }, true],
    ['no tag runs', 'semver', 'org/a', { name: '1.0', digest: '' }, true],
    ['the tag moved', 'newest-build', `org/a:main@${ONE}`, { name: 'main', digest: TWO }, true],
    ['the tag did not move', 'newest-build', `org/a:main@${ONE}`, { name: 'main', digest: ONE }, false],
  ] as const)('%s', (_, strategy, live, latest, needed) => {
    const configured = parseImageReference('org/a')
    expect(
      needsUpdate({ strategy, live: parseImageReference(live), latest, configured, renames: false }),
    ).toBe(needed)
  })

  it('asks for the new name where Kustomize renames the image', () => {
    const question = {
      strategy: 'semver',
      live: parseImageReference('org/a:1.0'),
      latest: { name: '1.0', digest: '' },
      configured: parseImageReference('new/a:1.x'),
    } as const
    expect(needsUpdate({ ...question, renames: true })).toBe(true)
    expect(needsUpdate({ ...question, renames: false })).toBe(false)
  })
})

describe('indexOfDigestTarget', () => {
  it.each([
    ['the tag with a stale digest', [`a/x:dev@${ONE}`, `a/x:dev@${TWO}`], 1],
    ['the tag, even when current', [`a/x:other@${TWO}`, `a/x:dev@${ONE}`], 1],
    ['any stale one', [`a/x:one@${ONE}`, `a/x:two@${TWO}`], 1],
    ['nothing of another repository', [`a/y:dev@${TWO}`], -1],
    ['nothing that is current under another tag', [`a/x:one@${ONE}`], -1],
  ])('picks %s', (_, live, index) => {
    const images = live.map(parseImageReference)
    expect(indexOfDigestTarget(images, parseImageReference('a/x:dev'), ONE)).toBe(index)
  })
})
