import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Answer, parseOutputFormat, renderAnswer, sortByPath } from '../../src/lib/terminal/output.ts'

interface Row {
  readonly app: string
  readonly tag: string | null
  readonly size?: number
}

const ROWS: readonly Row[] = [
  { app: 'shop', size: 10, tag: '1.4.2' },
  { app: 'billing', size: 9, tag: null },
  { app: 'shop', tag: '1.10.0' },
]
const ANSWER: Answer<Row> = {
  columns: [
    { header: 'APP', value: ({ app }) => app },
    { header: 'TAG', value: ({ tag }) => tag ?? '', wide: true },
  ],
  document: { apiVersion: 'image-updater/v1', items: ROWS, kind: 'List' },
  name: ({ app }) => `application.argoproj.io/${app}`,
  rows: ROWS,
}

async function rendered(format: string | undefined, answer: Answer<Row> = ANSWER): Promise<string> {
  return renderAnswer(answer, await parseOutputFormat(format))
}

describe('parseOutputFormat', () => {
  it.each([
    [undefined, 'table'],
    ['', 'table'],
    ['wide', 'wide'],
    ['json', 'json'],
    ['yaml', 'yaml'],
    ['name', 'name'],
    ['jsonpath={.items}', 'jsonpath'],
    ['jsonpath={.a}={.b}', 'jsonpath'],
    ['custom-columns=A:.a', 'custom-columns'],
    ['go-template={{.a}}', 'go-template'],
  ])('%j', async (value, kind) => {
    expect(await parseOutputFormat(value)).toMatchObject({ kind })
  })

  it.each([
    ['jsn', '-o "jsn" is not an output format'],
    ['json=x', '-o "json=x" is not an output format'],
    ['go-template', '-o go-template lacks its template'],
    ['go-template={{.a', 'line 1, column'],
    ['go-template-file=/nowhere/t', '-o go-template-file: cannot read /nowhere/t: ENOENT'],
    ['jsonpath-as-json={.a}{.b}', 'is not one path in braces'],
    ['jsonpath', '-o jsonpath lacks its template'],
    ['jsonpath=', '-o jsonpath lacks its template'],
    ['custom-columns', '-o custom-columns lacks its columns'],
    ['custom-columns=APP', 'custom-columns: "APP" is not HEADER:.path'],
    ['custom-columns=APP:.a,:.b', 'custom-columns: ":.b" is not HEADER:.path'],
    ['jsonpath={.a', '"{.a" lacks its closing brace'],
  ])('refuses %s before anything is done', async (value, problem) => {
    await expect(parseOutputFormat(value)).rejects.toThrow(problem)
  })
})

describe('renderAnswer', () => {
  it.each([
    [undefined, 'APP\nshop\nbilling\nshop\n'],
    ['wide', 'APP       TAG\nshop      1.4.2\nbilling   -\nshop      1.10.0\n'],
    ['name', 'application.argoproj.io/shop\napplication.argoproj.io/billing\n'],
    ['jsonpath={.items[*].app}', 'shop billing shop\n'],
    ['jsonpath={range .items[*]}{.app}{"\\n"}{end}', 'shop\nbilling\nshop\n'],
    ['jsonpath={.nothing}', ''],
    [
      'custom-columns=APP:.app,TO:.tag',
      'APP       TO\nshop      1.4.2\nbilling   <none>\nshop      1.10.0\n',
    ],
    ['jsonpath-as-json={.items[*].size}', '[\n    10,\n    9\n]\n'],
    ['go-template={{range .items}}{{.app}} {{.size}};{{end}}', 'shop 10;billing 9;shop <no value>;\n'],
    ['go-template={{.nothing.more}}', '<no value>\n'],
    ['custom-columns=SIZE:.size', 'SIZE\n10\n9\n<none>\n'],
  ])('-o %s', async (format, expected) => {
    expect(await rendered(format)).toBe(expected)
  })

  it('a Go template makes text of tens of thousands of rows', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => ({ app: `app-${index}`, tag: null }))
    const answer = { ...ANSWER, document: { items: rows }, rows }
    const text = await rendered('go-template={{range .items}}{{printf "%s;" .app}}{{end}}', answer)
    expect(text.split(';')).toHaveLength(30_001)
  })

  it('-o json is the document', async () => {
    expect(JSON.parse(await rendered('json'))).toEqual(ANSWER.document)
  })

  it('-o yaml is the document, without anchors', async () => {
    const text = await rendered('yaml', { ...ANSWER, document: { items: [ROWS[0], ROWS[0]] } })
    expect(parse(text)).toEqual({ items: [ROWS[0], ROWS[0]] })
    expect(text).not.toContain('&')
  })

  it.each(['json', 'yaml', 'name', 'wide', 'custom-columns=A:.app', 'jsonpath={.items[*].app}'])(
    '-o %s lets no value control the terminal',
    async (format) => {
      const hostile: Row = { app: 'a\u001b[2J\u009b31m\u202eb', tag: 'x\u0007' }
      const answer = { ...ANSWER, document: { items: [hostile] }, rows: [hostile] }
      const text = await rendered(format, answer)
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      if (format === 'json') expect(JSON.parse(text)).toEqual(answer.document)
      if (format === 'yaml') expect(parse(text)).toEqual(answer.document)
    },
  )
})

describe('sortByPath', () => {
  const sorted = (path: string) => sortByPath(ROWS, path, (row) => row).map(({ app, tag }) => `${app} ${tag}`)

  it.each([
    ['.app', ['billing null', 'shop 1.4.2', 'shop 1.10.0']],
    ['{.app}', ['billing null', 'shop 1.4.2', 'shop 1.10.0']],
    ['.size', ['billing null', 'shop 1.4.2', 'shop 1.10.0']],
    ['.tag', ['shop 1.10.0', 'shop 1.4.2', 'billing null']],
    ['.nothing', ['shop 1.4.2', 'billing null', 'shop 1.10.0']],
  ])('by %s: numbers by value, text as text, what is missing last', (path, expected) => {
    expect(sorted(path)).toEqual(expected)
  })
})

it.each([
  ['jsn', 'json'],
  ['widee', 'wide'],
  ['go-templat={{.}}', 'go-template'],
  ['custom-column=A:.a', 'custom-columns'],
])('-o %s suggests %s', async (value, near) => {
  await expect(parseOutputFormat(value)).rejects.toMatchObject({ remedy: `Did you mean ${near}?` })
})
