import type { Page, Pages } from './metrics-server.ts'
import type { WatchHealth } from './watch-health.ts'
import type { WatchMetrics } from './watch-metrics.ts'

const TEXT = 'text/plain; charset=utf-8'

/** What a watch says of itself to Prometheus and to the kubelet. */
export function watchPages(metrics: WatchMetrics, health: WatchHealth): Pages {
  return {
    '/healthz': () =>
      health.alive ? ok() : bad(`no sign of life for ${Math.round(health.silence / 1000)} s`),
    '/metrics': () => ({ body: metrics.text, status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' }),
    '/readyz': () => (health.ready ? ok() : bad('cluster and registries are being opened')),
  }
}

function ok(): Page {
  return { body: 'ok\n', status: 200, type: TEXT }
}

function bad(reason: string): Page {
  return { body: `${reason}\n`, status: 503, type: TEXT }
}
