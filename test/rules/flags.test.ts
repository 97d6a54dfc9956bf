import { describe, expect, it } from 'vitest'
import { formatImageReference, ImageReferenceError } from '../../src/lib/image/reference.ts'
import { RuleFlagError, readFlagRule } from '../../src/lib/rules/flags.ts'

describe('a rule from flags', () => {
  it('is the rule the annotations would make', () => {
    const { rule, warnings } = readFlagRule('ghcr.io/org/app', {
      strategy: 'Latest',
      allowTags: 'regexp:^v',
      ignoreTags: ['*-rc', 'dev'],
      tagFilter: '1',
      platforms: ['linux/amd64', 'linux/arm64'],
      tagPattern: '^v(?P<version>.*)$',
      pinDigest: true,
    })
    expect(rule).toMatchObject({
      origin: { kind: 'flag', object: '' },
      alias: '',
      strategy: 'newest-build',
      tagPattern: '^v(?P<version>.*)$',
      platforms: [{ architecture: 'amd64' }, { architecture: 'arm64' }],
      pinDigest: true,
      writeBack: { method: 'application' },
    })
    expect(rule.filter.description).toBe('allow-tags regexp:^v, image-tag-filter 1, ignore-tags *-rc,dev')
    expect(warnings.map(({ key }) => key)).toEqual(['--strategy'])
  })

  it.each([
    ['repo', {}, 'repo'],
    ['repo:>=1.0', {}, 'repo:>=1.0'],
    ['repo:1.x', { constraint: '2.x' }, 'repo:2.x'],
  ])('%s with %j follows %s', (image, flags, followed) => {
    expect(formatImageReference(readFlagRule(image, flags).rule.image)).toBe(followed)
  })

  it.each([
    [{ strategy: 'random' }, '--strategy: "random" is not an update strategy'],
    [{ constraint: '>=' }, '--constraint: ">=" is not a version constraint'],
    [{ allowTags: '^v' }, '--allow-tags: it has no keyword'],
    [{ platforms: ['linux'] }, '--platforms: "linux" is not a platform'],
    [{ strategy: 'digest' }, 'image: strategy digest needs to know which tag to follow'],
  ])('%j is refused by name', (flags, message) => {
    expect(() => readFlagRule('repo', flags)).toThrow(RuleFlagError)
    expect(() => readFlagRule('repo', flags)).toThrow(message)
  })

  it('needs an image', () => {
    expect(() => readFlagRule('', {})).toThrow(ImageReferenceError)
  })
})
