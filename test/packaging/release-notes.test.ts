import { describe, expect, it } from 'vitest'
import { releaseNotes } from '../../packaging/release-notes.ts'

const changelog = `# Changelog

## Unreleased

### Added

- What comes.

## [1.1.0] - 2026-12-01

### Fixed

- A fault.

## 1.0.0 - 2026-11-01

- The first.

## [0.9.0]

- Without a date.

## [0.8.0] - 2026-01-01
`

describe('the notes of a release', () => {
  it('are what stands below its heading', () => {
    expect(releaseNotes(changelog, 'v1.1.0')).toBe('### Fixed\n\n- A fault.')
    expect(releaseNotes(changelog, 'v1.0.0')).toBe('- The first.')
  })

  it.each([
    ['v1.2.0', 'CHANGELOG.md has no entry for 1.2.0'],
    ['v1.1', 'CHANGELOG.md has no entry for 1.1'],
    ['v0.9.0', 'CHANGELOG.md: "## [0.9.0]" has no date, " - YYYY-MM-DD"'],
    ['v0.8.0', 'CHANGELOG.md says nothing about 0.8.0'],
  ])('of %s are missing', (tag, problem) => {
    expect(() => releaseNotes(changelog, tag)).toThrow(problem)
  })
})
