import { describe, expect, it } from 'vitest'
import { CHANGE_RECORD, extendedRecord, readChangeRecord } from '../../src/lib/application/change-record.ts'
import { imageHistory } from '../../src/lib/engine/history.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { historyColumns, historyDocument } from '../../src/lib/terminal/history-rows.ts'
import { renderAnswer } from '../../src/lib/terminal/output.ts'
import { applicationOf, NOW } from '../engine/world.ts'

const ENTRY = {
  at: '2026-03-01T11:00:00Z',
  by: 'ann',
  digest: '',
  from: '1',
  how: 'set',
  image: 'web',
  number: 1,
  reason: '',
  to: '2',
}
const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\r\n\u202e\u0000'

function shopWith(text: string) {
  const application = applicationOf({ kustomize: ['org/web:1'], rules: { 'image-list': 'web=org/web' } })
  const { metadata } = application
  return {
    ...application,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [CHANGE_RECORD]: text } },
  }
}

function shown(text: string, output: 'table' | 'wide' | 'json' | 'yaml'): string {
  const rows = manageImages([shopWith(text)], readAnnotationRules).images.flatMap(imageHistory)
  const document = { items: rows.map(historyDocument) }
  return renderAnswer({ columns: historyColumns(NOW), document, name: () => '', rows }, { kind: output })
}

describe('a record that somebody else wrote', () => {
  it.each(['table', 'wide', 'json', 'yaml'] as const)('cannot move the cursor in -o %s', (output) => {
    const entry = { ...ENTRY, by: ESCAPES, from: ESCAPES, reason: ESCAPES, to: `2${ESCAPES}` }
    const text = shown(JSON.stringify([entry]), output)
    expect(text).toContain('owned')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
  })

  it.each<[string, unknown]>([
    ['no object', 1],
    ['null', null],
    ['a list', []],
    ['a number as text', { ...ENTRY, number: '1' }],
    ['no whole number', { ...ENTRY, number: 1.5 }],
    ['a number beyond all', { ...ENTRY, number: 1e300 }],
    ['below one', { ...ENTRY, number: 0 }],
    ['another way', { ...ENTRY, how: '__proto__' }],
    ['an object for a text', { ...ENTRY, by: { toString: 'x' } }],
    ['no moment', { ...ENTRY, at: 'yesterday' }],
    ['a missing field', { ...ENTRY, reason: undefined }],
    ['a text without end', { ...ENTRY, reason: 'x'.repeat(1000) }],
    ['nothing to go to', { ...ENTRY, to: '' }],
  ])('is read without the entry that is %s', (_, entry) => {
    expect(readChangeRecord(shopWith(JSON.stringify([entry, ENTRY]))).entries).toHaveLength(1)
    expect(shown(JSON.stringify([entry]), 'table')).toBe('')
  })

  it('of megabytes is not even parsed, and the next change begins anew', () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, () => ENTRY))
    expect(text.length).toBeGreaterThan(1_000_000)
    expect(readChangeRecord(shopWith(text)).problem).toContain('holds no record')
    expect(extendedRecord(shopWith(text), [{ ...ENTRY, how: 'set' }]).length).toBeLessThan(1000)
  })

  it('of a thousand small entries is bounded again with the next change', () => {
    const text = JSON.stringify(Array.from({ length: 300 }, (_, index) => ({ ...ENTRY, number: index + 1 })))
    expect(readChangeRecord(shopWith(text)).entries).toHaveLength(20)
    expect(
      readChangeRecord(shopWith(extendedRecord(shopWith(text), [{ ...ENTRY, how: 'set' }]))).entries.at(-1),
    ).toMatchObject({
      number: 301,
    })
  })

  it('cannot use up the numbers', () => {
    const text = JSON.stringify([{ ...ENTRY, number: 1_000_000_000 }])
    const { entries } = readChangeRecord(shopWith(extendedRecord(shopWith(text), [{ ...ENTRY, how: 'set' }])))
    expect(entries.map(({ number }) => number)).toEqual([1_000_000_000, 1])
  })

  it('brings nothing of its own into what is written next', () => {
    const text = extendedRecord(
      shopWith(JSON.stringify([{ ...ENTRY, extra: 'x', __proto__: { by: 'y' } }])),
      [{ ...ENTRY, by: ESCAPES, how: 'set' }],
    )
    expect(text).not.toContain('extra')
    expect(text).not.toMatch(/\\u001b|\\u0000|\\r|\\n/)
  })
})
