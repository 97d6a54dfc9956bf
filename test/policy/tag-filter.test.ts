import { describe, expect, it } from 'vitest'
import { createTagFilter, TagFilterError } from '../../src/lib/policy/tag-filter.ts'

const HEX = '0123456789abcdef'.repeat(4)

describe('a tag filter', () => {
  it.each([
    ['without settings', {}, ['v1', 'main'], []],
    ['allow-tags any', { allowTags: 'ANY' }, ['v1'], []],
    ['allow-tags, unanchored', { allowTags: 'regexp:1' }, ['v1', '21'], ['main']],
    ['allow-tags, keyword in any case', { allowTags: 'RegExp:^v' }, ['v1'], ['1']],
    ['allow-tags with a colon in the pattern', { allowTags: 'regexp:^[[:alpha:]]+$' }, ['main'], ['v1']],
    ['allow-tags with RE2 flags', { allowTags: 'regexp:(?i)^MAIN$' }, ['main'], ['mainly']],
    ['image-tag-filter', { imageTagFilter: '^production$' }, ['production'], ['production-2']],
    ['image-tag-filter with classes', { imageTagFilter: '^v\\d+\\.\\d+\\.\\d+$' }, ['v1.2.3'], ['v1.2.3-rc']],
    ['both patterns', { allowTags: 'regexp:^v', imageTagFilter: '1$' }, ['v1'], ['v2', 'x1']],
    ['ignore-tags', { ignoreTags: ['latest', '*-dev'] }, ['v1'], ['latest', 'x-dev']],
    ['empty ignore-tags entries', { ignoreTags: ['', 'latest'] }, ['v1'], ['latest']],
  ])('%s', (_, settings, kept, droppedTags) => {
    const filter = createTagFilter(settings)
    expect([...kept, ...droppedTags].filter((tag) => filter.judge(tag) === undefined)).toEqual(kept)
  })

  it.each([`sha256-${HEX}`, `sha256-${HEX}.sig`, `sha256-${HEX}.att`, 'sha256-0a.sbom'])(
    'always drops what tools generate: %s',
    (tag) => {
      expect(createTagFilter().judge(tag)).toMatchObject({ outcome: 'dropped', stage: 'artifact' })
    },
  )

  it.each(['sha256-0a', 'sha256', `sha256-${HEX}-arm64`])(
    'keeps %s, which a person may have written',
    (tag) => {
      expect(createTagFilter().judge(tag)).toBeUndefined()
    },
  )

  it('says which rule dropped a tag, and that in the order of the stages', () => {
    const filter = createTagFilter({ allowTags: 'regexp:^v', imageTagFilter: '1', ignoreTags: ['*1'] })
    expect(['main', 'v2', 'v1'].map((tag) => filter.judge(tag))).toEqual([
      { tag: 'main', outcome: 'dropped', stage: 'allow-tags', reason: 'does not match allow-tags ^v' },
      {
        tag: 'v2',
        outcome: 'dropped',
        stage: 'image-tag-filter',
        reason: 'does not match image-tag-filter 1',
      },
      { tag: 'v1', outcome: 'dropped', stage: 'ignore-tags', reason: 'matches ignore-tags *1' },
    ])
  })

  it.each([
    [{}, ''],
    [{ imageTagFilter: '^production$' }, 'image-tag-filter ^production$'],
    [
      { allowTags: 'regexp:^v', imageTagFilter: '1', ignoreTags: ['a', 'b*'] },
      'allow-tags regexp:^v, image-tag-filter 1, ignore-tags a,b*',
    ],
  ])('describes itself: %j', (settings, description) => {
    expect(createTagFilter(settings).description).toBe(description)
  })

  it.each([
    [{ allowTags: '^v1' }, 'allow-tags', 'Write "regexp:^v1"'],
    [{ allowTags: 'glob:v*' }, 'allow-tags', 'Write "regexp:<pattern>", for example "regexp:^v1", or "any"'],
    [{ allowTags: 'any:' }, 'allow-tags', 'Write "regexp:<pattern>", for example "regexp:^v1", or "any"'],
    [{ allowTags: 'regexp:[a' }, 'allow-tags', 'Use the RE2 syntax of Go'],
    [{ imageTagFilter: '^(?!rc)' }, 'image-tag-filter', 'RE2 has no look-ahead'],
    [{ imageTagFilter: 'a++' }, 'image-tag-filter', 'Use the RE2 syntax of Go'],
    [{ ignoreTags: ['ok', '[a-'] }, 'ignore-tags', 'Write * and ? as wildcards'],
  ])('refuses %j', (settings, setting, remedy) => {
    const failure = catchError(() => createTagFilter(settings))
    expect(failure).toBeInstanceOf(TagFilterError)
    expect(failure).toMatchObject({ setting, remedy: expect.stringContaining(remedy) })
  })
})

function catchError(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}
