import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../src/lib/policy/pattern.ts'
import { comparedPart } from '../../src/lib/policy/tag-pattern.ts'
import { tagShape, versionPattern } from '../../src/lib/policy/tag-shape.ts'

describe('tagShape', () => {
  it.each([
    ['1.4.2', 'version', String.raw`^\d+\.\d+\.\d+$`],
    ['v1.4', 'version', String.raw`^v\d+\.\d+$`],
    ['v2.0.0-rc.1', 'version', String.raw`^v\d+\.\d+\.\d+`],
    ['1.25.3-alpine3.18', 'version', String.raw`^\d+\.\d+\.\d+-alpine\d+\.\d+$`],
    ['release-1.2.3', 'version', String.raw`^release-\d+\.\d+\.\d+$`],
    ['1.2.3-20260914', 'version', String.raw`^\d+\.\d+\.\d+-\d{8}$`],
    ['v1.2.3-4-gabc1234', 'version', String.raw`^v\d+\.\d+\.\d+-\d+-g[0-9a-f]{7,40}$`],
    ['16', 'number', String.raw`^\d+$`],
    ['16-alpine', 'number', String.raw`^\d+-alpine$`],
    ['build-1042', 'number', String.raw`^build-\d+$`],
    ['20260914', 'date', String.raw`^\d{8}$`],
    ['20260914.3', 'date', String.raw`^\d{8}\.\d+$`],
    ['20260914T120000', 'date', String.raw`^\d{8}T\d{6}$`],
    ['nightly-2026-09-14', 'date', String.raw`^nightly-\d{4}-\d{2}-\d{2}$`],
    ['2026-09-14-abc1234', 'date', String.raw`^\d{4}-\d{2}-\d{2}-[0-9a-f]{7,40}$`],
    ['main-1a2b3c4', 'commit', '^main-[0-9a-f]{7,40}$'],
    ['sha-1a2b3c4d5e6f', 'commit', '^sha-[0-9a-f]{7,40}$'],
    ['1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d', 'commit', '^[0-9a-f]{7,40}$'],
    ['production', 'word', '^production$'],
    ['feature_login', 'word', '^feature_login$'],
    ['1.2.3.4', 'word', String.raw`^1\.2\.3\.4$`],
    ['99999999999999999999999', 'word', '^99999999999999999999999$'],
  ])('%s is a %s of the pattern %s, which it matches', (tag, kind, pattern) => {
    expect(tagShape(tag)).toMatchObject({ kind, pattern })
    expect(compilePattern(pattern).occursIn(tag)).toBe(true)
  })

  it.each([
    ['1.25.3-alpine', '1.25.3', ['1.26.0-alpine'], ['1.26.0', '1.26-alpine', '1.26.0-alpine-slim']],
    ['release-1.2.3', '1.2.3', ['release-2.0.0'], ['2.0.0', 'release-2']],
    ['build-9', '9', ['build-10'], ['build-x', '10']],
    ['app.v1.2', 'v1.2', ['app.v1.3'], ['appxv1.3']],
  ])('of %s only %s is compared, and tags made otherwise are dropped', (tag, version, alike, others) => {
    const part = comparedPart(versionPattern(tagShape(tag)))
    expect(part(tag)).toBe(version)
    for (const other of alike) expect(part(other)).toBeDefined()
    for (const other of others) expect(part(other)).toBeUndefined()
  })
})
