import { describe, expect, it } from 'vitest'
import { chooseColour } from '../../src/lib/terminal/colour.ts'
import { renderDiff } from '../../src/lib/terminal/diff.ts'
import { type Column, renderTable } from '../../src/lib/terminal/table.ts'

interface Row {
  readonly name: string
  readonly tag: string
}

const COLUMNS: readonly Column<Row>[] = [
  { header: 'NAME', value: ({ name }) => name },
  { header: 'STRATEGY', value: () => 'semver', wide: true },
  { header: 'TAG', value: ({ tag }) => tag },
]
const ROWS = [
  { name: 'gitops-praq-prod', tag: '1.4.2' },
  { name: 'a', tag: '' },
]
const plain = chooseColour('never', {}, {})
const coloured = chooseColour('always', {}, {})

describe('renderTable', () => {
  it('aligns columns by their widest cell with three blanks, and ends no line with blanks', () => {
    expect(renderTable(COLUMNS, ROWS)).toBe(
      'NAME               TAG\ngitops-praq-prod   1.4.2\na                  -\n',
    )
  })

  it('shows more with -o wide', () => {
    expect(renderTable(COLUMNS, ROWS.slice(1), { wide: true })).toBe(
      'NAME   STRATEGY   TAG\na      semver     -\n',
    )
  })

  it('leaves the header out on demand, and its width', () => {
    expect(renderTable(COLUMNS, ROWS.slice(1), { headers: false })).toBe('a   -\n')
  })

  it('is nothing without rows', () => {
    expect(renderTable(COLUMNS, [])).toBe('')
  })

  it('lets no name break out of its cell', () => {
    const rows = [{ name: 'evil\n\u001b[2Jfake   9.9.9', tag: '\u202e1' }]
    const [header, row, ...rest] = renderTable(COLUMNS, rows).split('\n')
    expect(header).toMatch(/^NAME +TAG$/)
    expect(row).toBe('evil\\n^[[2Jfake   9.9.9   \\u202e1')
    expect(rest).toEqual([''])
  })

  it('counts characters, not bytes', () => {
    expect(renderTable(COLUMNS, [{ name: 'größe', tag: '1' }])).toBe('NAME    TAG\ngröße   1\n')
  })

  it('keeps columns straight in colour', () => {
    const columns: Column<Row>[] = [
      { header: 'NAME', style: (text) => coloured('red', text), value: ({ name }) => name },
      { header: 'TAG', value: ({ tag }) => tag },
    ]
    const lines = renderTable(columns, ROWS).split('\n')
    const bare = lines.map((line) => line.replaceAll('\u001b[31m', '').replaceAll('\u001b[39m', ''))
    expect(bare.join('\n')).toBe(renderTable(COLUMNS, ROWS))
    expect(lines[2]).toContain('\u001b[31ma ')
  })
})

describe('renderDiff', () => {
  const fields = [
    { after: 'org/web:1.5.0', before: 'org/web:1.4.2', field: 'spec.source.kustomize.images[0]' },
    { after: 'x', before: '', field: 'metadata.annotations[a]' },
    { after: '', before: 'y', field: 'metadata.annotations[b]' },
  ]

  it('shows what is there and what would be', () => {
    expect(renderDiff('application.argoproj.io/shop', fields, plain).split('\n')).toEqual([
      '  application.argoproj.io/shop',
      '    spec.source.kustomize.images[0]',
      '-     org/web:1.4.2',
      '+     org/web:1.5.0',
      '    metadata.annotations[a]',
      '+     x',
      '    metadata.annotations[b]',
      '-     y',
      '',
    ])
  })

  it('shows hostile values as they are, so that nobody says yes to something else', () => {
    const before = 'org/web:1\n+     org/web:2\u001b[1A'
    const shown = renderDiff('app\r', [{ after: '\u200b', before, field: 'a\nb' }], plain)
    expect(shown).toBe('  app\\r\n    a\\nb\n-     org/web:1\\n+     org/web:2^[[1A\n+     \\u200b\n')
  })

  it('paints additions green and removals red', () => {
    expect(renderDiff('app', fields.slice(0, 1), coloured)).toContain(
      '\u001b[31m-     org/web:1.4.2\u001b[39m\n\u001b[32m+     org/web:1.5.0\u001b[39m',
    )
  })
})

it('is as long as it has to be', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => index)
  const text = renderTable([{ header: 'ROW', value: String }], rows)
  expect(text.split('\n')).toHaveLength(200_002)
})
