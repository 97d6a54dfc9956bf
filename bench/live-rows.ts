import type { LiveHeader, LiveRow } from '../src/lib/terminal/live/live-row.ts'

/** As many images as a large installation has. */
export const ROWS = 2_000

export function liveRows(now: Date): LiveRow[] {
  return Array.from({ length: ROWS }, (_row, index) => ({
    application: `application-${index}`,
    available: `production@${(index * 7919).toString(16).padStart(12, '4')}`,
    image: 'app',
    key: `application-${index}/app`,
    namespace: `team-${index % 20}`,
    next: new Date(now.getTime() + (index % 120) * 1_000),
    running: `production@${index.toString(16).padStart(12, '9')}`,
    state: { mark: 'asks', text: 'approve?', tone: 'warning' },
  }))
}

/** The same rows with one of them in a new state. */
export function changed(rows: readonly LiveRow[], index: number, text: string): LiveRow[] {
  const place = index % rows.length
  return rows.map((row, other) =>
    other === place ? { ...row, state: { mark: 'done', text, tone: 'good' } } : row,
  )
}

export function liveHeader(now: Date): LiveHeader {
  return {
    applications: ROWS,
    images: ROWS,
    nextPoll: new Date(now.getTime() + 120_000),
    phase: 'running',
    place: 'prod-eu/argocd',
    pollInterval: 120_000,
    requestsPerMinute: 30,
  }
}
