import { describe, expect, it } from 'vitest'
import { WatchHealth } from '../../src/lib/metrics/watch-health.ts'
import { WatchMetrics } from '../../src/lib/metrics/watch-metrics.ts'
import { watchPages } from '../../src/lib/metrics/watch-pages.ts'

const at = new Date('2026-03-01T12:00:00Z')
const PROGRAM = { cpu: () => 0, memory: () => 0, node: '26', startedAt: 0, version: '1' }

/** A watch that polls every two minutes, on a clock in minutes. */
function watched() {
  let minutes = 0
  const health = new WatchHealth(120_000, () => minutes * 60_000)
  const pages = watchPages(new WatchMetrics(PROGRAM), health)
  return {
    health,
    page: (path: string) => pages[path]?.(),
    pass: (more: number) => {
      minutes += more
    },
  }
}

describe('a watch', () => {
  it('is alive while its cycles begin, whatever comes of them', () => {
    const { health, page, pass } = watched()
    for (let cycle = 0; cycle < 20; cycle += 1) {
      pass(2)
      health.follow({ at, type: 'reading' })
      expect(page('/healthz')?.status).toBe(200)
    }
  })

  it('is not alive when its loop is silent for longer than its interval and ten minutes', () => {
    const { health, page, pass } = watched()
    health.follow({ at, type: 'reading' })
    pass(12)
    expect(page('/healthz')?.status).toBe(200)
    pass(1)
    expect(page('/healthz')).toMatchObject({ body: 'no sign of life for 780 s\n', status: 503 })
    health.sign()
    expect(page('/healthz')?.status).toBe(200)
  })

  it('is alive while it stands by or a person has paused it', () => {
    const { health, page, pass } = watched()
    health.follow({ at, type: 'standing-by' })
    pass(2)
    health.follow({ at, type: 'paused' })
    pass(600)
    expect(page('/healthz')?.status).toBe(200)
    health.follow({ at, type: 'resumed' })
    pass(13)
    expect(page('/healthz')?.status).toBe(503)
  })

  it('is ready once all is open', () => {
    const { health, page } = watched()
    expect(page('/readyz')).toMatchObject({ body: 'cluster and registries are being opened\n', status: 503 })
    health.ready = true
    expect(page('/readyz')?.status).toBe(200)
  })
})
