import type { RequestObserver } from '../../lib/engine/open-context.ts'
import type { WatchEvent } from '../../lib/engine/watch-event.ts'
import { VERSION } from '../version.ts'
import type { KeptLease } from './lease.ts'

/** What is said of a watch while it runs, to whoever asks at `--metrics-addr`. */
export interface WatchTelemetry {
  /** Where it is said: `127.0.0.1:8080`. */
  readonly address: string
  readonly requests: RequestObserver
  follow(event: WatchEvent): void
  watchLease(lease: KeptLease, context: string): void
  /** Cluster and registries are open. */
  ready(): void
  close(): Promise<void>
}

const FLAG = '--metrics-addr'

/**
 * Listens at the address that `--metrics-addr` names; undefined where it names none, which then loads nothing.
 *
 * @param interval milliseconds between two cycles
 * @throws ListenAddressError
 */
export async function openTelemetry(
  address: string | undefined,
  interval: number,
): Promise<WatchTelemetry | undefined> {
  if (!address) return undefined
  const [{ parseListenAddress }, { serveMetrics }, { WatchHealth }, { WatchMetrics }, { watchPages }] =
    await Promise.all([
      import('../../lib/metrics/listen-address.ts'),
      import('../../lib/metrics/metrics-server.ts'),
      import('../../lib/metrics/watch-health.ts'),
      import('../../lib/metrics/watch-metrics.ts'),
      import('../../lib/metrics/watch-pages.ts'),
    ])
  const health = new WatchHealth(interval, () => performance.now())
  const metrics = new WatchMetrics({
    cpu: () => {
      const { system, user } = process.cpuUsage()
      return (system + user) / 1_000_000
    },
    memory: () => process.memoryUsage.rss(),
    node: process.versions.node,
    startedAt: performance.timeOrigin / 1000,
    version: VERSION,
  })
  const server = await serveMetrics(FLAG, parseListenAddress(FLAG, address), watchPages(metrics, health))
  return {
    address: server.address,
    close: () => server.close(),
    follow: (event) => {
      metrics.follow(event)
      health.follow(event)
    },
    ready: () => {
      health.ready = true
    },
    requests: {
      clusterRequest: (method, status) => metrics.clusterRequest(method, status),
      registryRequest: (host, status) => {
        metrics.registryRequest(host, status)
        health.sign()
      },
    },
    watchLease: (lease, context) => metrics.watchLease({ context, held: () => lease.held, name: lease.name }),
  }
}
