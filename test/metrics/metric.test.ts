import { describe, expect, it } from 'vitest'
import { Histogram, Metric } from '../../src/lib/metrics/metric.ts'

const REQUESTS = { help: 'Requests.', labels: ['registry'], name: 'requests_total', type: 'counter' } as const

describe('a metric in the text format', () => {
  it('counts for each set of label values', () => {
    const metric = new Metric(REQUESTS)
    metric.add(1, { registry: 'quay.io' })
    metric.add(2, { registry: 'ghcr.io' })
    metric.add(1, { registry: 'quay.io' })
    expect(metric.text).toBe(
      '# HELP requests_total Requests.\n# TYPE requests_total counter\nrequests_total{registry="quay.io"} 2\nrequests_total{registry="ghcr.io"} 2\n',
    )
  })

  it('is a line without labels', () => {
    const metric = new Metric({ ...REQUESTS, labels: [] })
    metric.set(1.5)
    expect(metric.text).toMatch(/^requests_total 1\.5$/m)
  })

  it('keeps a hostile value on its line, within its quotes, and short', () => {
    const metric = new Metric(REQUESTS)
    const value = `a"} 1\nforged{x="\\ \u001b[31m\u202e${'x'.repeat(1000)}`
    metric.add(1, { registry: value })
    const lines = metric.text.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[2]).toMatch(
      /^requests_total\{registry="a\\"} 1\\\\nforged\{x=\\"\\\\ \^\[\[31m\\\\u202ex{150,250}"\} 1$/,
    )
  })

  it('is a histogram with buckets that add up', () => {
    const histogram = new Histogram(
      { help: 'Time.', labels: [], name: 'poll_seconds', type: 'histogram' },
      [0.5, 1],
    )
    for (const value of [0.1, 0.5, 0.7, 30]) histogram.observe(value)
    expect(histogram.text.split('\n').slice(2, -1)).toEqual([
      'poll_seconds_bucket{le="0.5"} 2',
      'poll_seconds_bucket{le="1"} 3',
      'poll_seconds_bucket{le="+Inf"} 4',
      'poll_seconds_sum 31.3',
      'poll_seconds_count 4',
    ])
  })
})
