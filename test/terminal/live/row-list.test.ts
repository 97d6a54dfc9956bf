import { describe, expect, it } from 'vitest'
import { RowList } from '../../../src/lib/terminal/live/row-list.ts'
import { manyRows, ROWS } from './rows.ts'

function listOf(count: number): RowList {
  const list = new RowList()
  list.setRows(manyRows(count))
  return list
}

const visibleKeys = (list: RowList, height: number) => {
  const { rows, selected } = list.visible(height)
  return { first: rows[0]?.key, last: rows.at(-1)?.key, selected: rows[selected]?.key }
}
const key = (index: number) => `application-${index}/app`

describe('RowList', () => {
  it('scrolls no further than the selection asks for', () => {
    const list = listOf(100)
    expect(visibleKeys(list, 10)).toEqual({ first: key(0), last: key(9), selected: key(0) })
    list.move(12)
    expect(visibleKeys(list, 10)).toEqual({ first: key(3), last: key(12), selected: key(12) })
    list.move(-5)
    expect(visibleKeys(list, 10)).toEqual({ first: key(3), last: key(12), selected: key(7) })
    list.move(Number.MAX_SAFE_INTEGER)
    expect(visibleKeys(list, 10)).toEqual({ first: key(90), last: key(99), selected: key(99) })
    list.move(Number.MIN_SAFE_INTEGER)
    expect(visibleKeys(list, 10)).toEqual({ first: key(0), last: key(9), selected: key(0) })
  })

  it('shows more rows when the screen grows', () => {
    const list = listOf(12)
    list.move(11)
    expect(visibleKeys(list, 4).first).toBe(key(8))
    expect(visibleKeys(list, 20)).toEqual({ first: key(0), last: key(11), selected: key(11) })
  })

  it('keeps the selection on its row, and that row in its line, when rows come and go', () => {
    const rows = manyRows(100)
    const list = listOf(100)
    list.move(50)
    expect(list.visible(10).selected).toBe(9)
    list.setRows(rows.slice(7))
    expect(list.selectedRow?.key).toBe(key(50))
    expect(list.visible(10).selected).toBe(9)
    list.setRows([...manyRows(3).map((row) => ({ ...row, key: `new ${row.key}` })), ...rows])
    expect(list.selectedRow?.key).toBe(key(50))
    expect(list.visible(10).selected).toBe(9)
  })

  it('keeps the place when the selected row is gone', () => {
    const list = listOf(10)
    list.move(9)
    list.setRows(manyRows(10).filter(({ key: one }) => one !== key(9)))
    expect(list.selectedRow?.key).toBe(key(8))
    list.setRows([])
    expect(list.visible(5)).toEqual({ rows: [], selected: -1 })
    list.setRows(manyRows(2))
    expect(list.selectedRow?.key).toBe(key(0))
  })

  it('narrows by words in any column, in any case, and gives all rows back', () => {
    const list = new RowList()
    list.setRows(ROWS)
    const shown = (filter: string) => {
      list.setFilter(filter)
      return list.shown.map((row) => row.key)
    }
    expect(shown('SHOP')).toEqual(['shop/web', 'shop/api'])
    expect(shown('approve? app')).toEqual(['gitops-praq-prod/app', 'billing/app'])
    expect(shown('41d8')).toEqual(['gitops-praq-prod/app'])
    expect(shown('nowhere')).toEqual([])
    expect(list.selectedRow).toBeUndefined()
    expect(shown(' ')).toHaveLength(ROWS.length)
  })

  it('follows the selected row through a filter', () => {
    const list = new RowList()
    list.setRows(ROWS)
    list.move(2)
    list.setFilter('shop')
    expect(list.selectedRow?.key).toBe('shop/api')
    list.setRows(ROWS.map((row) => ({ ...row, running: '9.9.9' })))
    expect(list.selectedRow).toMatchObject({ key: 'shop/api', running: '9.9.9' })
    list.setFilter('')
    expect(list.selected).toBe(2)
  })
})
