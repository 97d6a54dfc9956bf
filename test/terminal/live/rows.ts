import type { LiveHeader, LiveRow } from '../../../src/lib/terminal/live/live-row.ts'

/** The moment at which the screens of the tests are drawn. */
export const NOW = new Date('2026-03-01T14:02:11')

export function secondsOn(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1_000)
}

export const HEADER: LiveHeader = {
  applications: 14,
  images: 21,
  nextPoll: secondsOn(72),
  phase: 'running',
  place: 'prod-eu/argocd',
  pollInterval: 120_000,
  requestsPerMinute: 3,
}

/** One row for each state there is. */
export const ROWS: readonly LiveRow[] = [
  {
    application: 'gitops-praq-prod',
    available: 'production@41d8e0c3b712',
    image: 'app',
    key: 'gitops-praq-prod/app',
    next: secondsOn(120),
    running: 'production@9f1c2b7a04de',
    state: { mark: 'asks', text: 'approve?  a yes  s skip', tone: 'warning' },
  },
  {
    application: 'shop',
    available: '1.5.0',
    image: 'web',
    key: 'shop/web',
    running: '1.5.0',
    state: { mark: 'done', since: secondsOn(-12), text: 'applied, Synced, Progressing', tone: 'good' },
  },
  {
    application: 'shop',
    available: '2.0.1',
    image: 'api',
    key: 'shop/api',
    next: secondsOn(300),
    running: '2.0.1',
    state: { text: 'up to date', tone: 'dim' },
  },
  {
    application: 'billing',
    available: 'v4.0.0',
    image: 'app',
    key: 'billing/app',
    next: secondsOn(120),
    running: 'v3.1.0',
    state: { mark: 'asks', text: 'approve? (major)', tone: 'warning' },
  },
  {
    application: 'ledger',
    available: '1.9.1',
    image: 'app',
    key: 'ledger/app',
    next: secondsOn(120),
    running: '1.9.0',
    state: { mark: 'waits', text: 'min-age', tone: 'warning', until: secondsOn(86_220) },
  },
  {
    application: 'legacy',
    available: '',
    image: 'app',
    key: 'legacy/app',
    next: secondsOn(120),
    running: '',
    state: { mark: 'failed', text: 'allow-tags "^v1": write "regexp:^v1"', tone: 'bad' },
  },
]

/** Many rows, as a large installation has them. */
export function manyRows(count: number): LiveRow[] {
  return Array.from({ length: count }, (_row, index) => ({
    application: `application-${index}`,
    available: `1.${index}.1`,
    image: 'app',
    key: `application-${index}/app`,
    next: secondsOn(120),
    running: `1.${index}.0`,
    state: { text: 'up to date', tone: 'dim' },
  }))
}
