import { describe, expect, it } from 'vitest'
import {
  annotationText,
  CHANGE_RECORD,
  type ChangeEntry,
  extendedRecord,
  readChangeRecord,
} from '../../src/lib/application/change-record.ts'

const ENTRY: ChangeEntry = {
  at: '2026-03-01T12:00:00.000Z',
  by: 'ann@laptop',
  digest: '',
  from: '1.4.2',
  how: 'set',
  image: 'web',
  reason: '',
  to: '1.5.0',
}

const withRecord = (text?: string) => ({
  metadata: { name: 'shop', ...(text !== undefined && { annotations: { [CHANGE_RECORD]: text } }) },
})

describe('the record of changes', () => {
  it('numbers its entries, and reads back what it wrote', () => {
    const first = extendedRecord(withRecord(), [ENTRY])
    const second = extendedRecord(withRecord(first), [{ ...ENTRY, how: 'rollback', to: '1.4.2' }])
    expect(readChangeRecord(withRecord(second))).toEqual({
      entries: [
        { ...ENTRY, number: 1 },
        { ...ENTRY, how: 'rollback', number: 2, to: '1.4.2' },
      ],
      problem: '',
    })
  })

  it('keeps the 20 newest, with their numbers', () => {
    let text: string | undefined
    for (let count = 0; count < 30; count += 1) text = extendedRecord(withRecord(text), [ENTRY])
    expect(readChangeRecord(withRecord(text)).entries.map(({ number }) => number)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 11),
    )
  })

  it('stays below 16 KiB however long the reasons are', () => {
    let text: string | undefined
    for (let count = 0; count < 30; count += 1) {
      const reason = '€'.repeat(5000)
      text = extendedRecord(withRecord(text), [{ ...ENTRY, by: reason, from: reason, reason, to: reason }])
      expect(text.length).toBeLessThanOrEqual(16 * 1024)
    }
    expect(readChangeRecord(withRecord(text)).entries.length).toBeGreaterThan(5)
  })

  it('is empty where there is none, and says so where the text is none', () => {
    expect(readChangeRecord(withRecord())).toEqual({ entries: [], problem: '' })
    for (const text of ['', 'yes', '{}', '"x"', '[', 'null']) {
      expect(readChangeRecord(withRecord(text))).toEqual({
        entries: [],
        problem: 'annotation kubectl-image-updater/history holds no record of changes',
      })
    }
  })

  it('is begun anew in the place of a text that is none', () => {
    expect(readChangeRecord(withRecord(extendedRecord(withRecord('nonsense'), [ENTRY]))).entries).toEqual([
      { ...ENTRY, number: 1 },
    ])
  })
})

describe('annotationText', () => {
  it.each([
    ['ann@laptop', 'ann@laptop'],
    ['  two\nlines\u001b[31m\u0000 ', 'two lines [31m'],
    ['\ud800x', '\ufffdx'],
    ['x'.repeat(1000), 'x'.repeat(256)],
  ])('%j → %j', (text, expected) => {
    expect(annotationText(text)).toBe(expected)
  })
})
