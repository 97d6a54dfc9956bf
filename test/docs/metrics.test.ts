import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { IMAGE_STATES, watchMetricDescriptions } from '../../src/lib/metrics/watch-metric-descriptions.ts'
import { pages } from './markdown.ts'

const TEXT = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
const METRICS = Object.values(watchMetricDescriptions)

/** First cells of the rows of the table under a header, without their backquotes. */
function rowsUnder(header: string): string[][] {
  const [, table = ''] = TEXT.split(`\n| ${header} |`)
  const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2)
  return rows.map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''))
      .slice(1),
  )
}

interface Rule {
  readonly expr: string
}

function rules(): Rule[] {
  const blocks = pages().find(({ file }) => file === 'docs/metrics.md')?.blocks ?? []
  const files = blocks.filter(({ language }) => language === 'yaml').map(({ text }) => parse(text))
  return files.flatMap(({ groups }) => groups.flatMap((group: { rules: Rule[] }) => group.rules))
}

describe('docs/metrics.md', () => {
  it('has a line for each metric, with its type and its labels', () => {
    const lines = rowsUnder('Metric').map(([name, type, labels]) => ({ labels, name, type }))
    expect(lines).toEqual(
      METRICS.map(({ labels, name, type }) => ({ labels: labels.join(', '), name, type })),
    )
  })

  it('has a line for each state of an image', () => {
    expect(rowsUnder('`state`').map(([state]) => state)).toEqual(IMAGE_STATES)
  })

  it('asks in its rules for nothing but metrics and labels that there are', () => {
    const exprs = rules().map(({ expr }) => expr)
    expect(exprs).toHaveLength(13)
    for (const expr of exprs) {
      const [, name = ''] = /\b((?:image_updater|process)_[a-z_]+)/.exec(expr) ?? []
      const metric = METRICS.find((each) => [each.name, `${each.name}_bucket`].includes(name))
      expect(metric, expr).toBeDefined()
      const selected = [...expr.matchAll(/([a-z]+)=~?"/g)].map(([, label]) => label)
      const grouped = [...(/by \(([^)]*)\)/.exec(expr)?.[1]?.matchAll(/\w+/g) ?? [])].map(([label]) => label)
      const known = [...(metric?.labels ?? []), ...(metric?.type === 'histogram' ? ['le'] : [])]
      expect(known, expr).toEqual(expect.arrayContaining([...selected, ...grouped]))
    }
  })
})
