import type { LeaseName } from '../cluster/leases.ts'
import type { CheckedImage } from '../engine/checked-image.ts'
import type { WatchEvent } from '../engine/watch-event.ts'
import { Histogram, Metric } from './metric.ts'
import { watchMetricDescriptions as about, IMAGE_STATES } from './watch-metric-descriptions.ts'

/** Milliseconds in a second. */
const SECOND = 1000
/** Upper limits in seconds: from what a cache answers to a poll that a registry slows down. */
const POLL_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
/** Image references are written by others: beyond so many hosts they are counted together. */
const MOST_HOSTS = 100
const OTHER_HOSTS = 'other'

/** The Lease of a watch in one cluster, and whether it is ours now. */
export interface WatchedLease {
  readonly context: string
  readonly name: LeaseName
  readonly held: () => boolean
}

/** What there is to say of the program itself. */
export interface ProgramFacts {
  readonly version: string
  readonly node: string
  /** Seconds since 1970. */
  readonly startedAt: number
  /** Seconds of processor time so far. */
  readonly cpu: () => number
  /** Bytes. */
  readonly memory: () => number
}

/** Counts what happens in a watch. It knows the events and nothing of who reads the numbers. */
export class WatchMetrics {
  readonly #cycles = new Metric(about.cycles)
  readonly #lastCycle = new Metric(about.lastCycle)
  readonly #poll = new Histogram(about.poll, POLL_BUCKETS)
  readonly #applications = new Metric(about.applications)
  readonly #images = new Metric(about.images)
  readonly #updates = new Metric(about.updates)
  readonly #registryRequests = new Metric(about.registryRequests)
  readonly #clusterRequests = new Metric(about.clusterRequests)
  readonly #leaseHeld = new Metric(about.leaseHeld)
  readonly #program: ProgramFacts
  readonly #hosts = new Set<string>()
  readonly #leases: WatchedLease[] = []
  #pollingSince: Date | undefined

  constructor(program: ProgramFacts) {
    this.#program = program
    for (const result of ['ok', 'failed']) this.#cycles.add(0, { result })
    for (const result of ['applied', 'failed', 'rolled-back']) this.#updates.add(0, { result })
  }

  watchLease(lease: WatchedLease): void {
    this.#leases.push(lease)
  }

  follow(event: WatchEvent): void {
    const { type } = event
    if (type === 'reading') this.#pollingSince = event.at
    else if (type === 'cycle') this.#countCycle(event.at, event.images)
    else if (type === 'cycle-failed') this.#cycles.add(1, { result: 'failed' })
    else if (type === 'applied' && !event.dryRun) this.#updates.add(1, { result: 'applied' })
    else if (type === 'apply-failed') this.#updates.add(1, { result: 'failed' })
    else if (type === 'undone' && !event.error) {
      this.#updates.add(event.images.length, { result: 'rolled-back' })
    } else if (type === 'standing-by') {
      // Whoever has the turn says it: sums over all replicas count nothing twice.
      this.#applications.clear()
      this.#images.clear()
    }
  }

  /** @param status HTTP status; 0 where no answer came */
  registryRequest(host: string, status: number): void {
    const registry = this.#hosts.has(host) || this.#hosts.size < MOST_HOSTS ? host : OTHER_HOSTS
    if (registry === host) this.#hosts.add(host)
    this.#registryRequests.add(1, { registry, code: codeOf(status) })
  }

  /** @param status HTTP status; 0 where no answer came */
  clusterRequest(method: string, status: number): void {
    this.#clusterRequests.add(1, { method, code: codeOf(status) })
  }

  /** All of it in Prometheus' text format. */
  get text(): string {
    const { cpu, memory, node, startedAt, version } = this.#program
    const build = new Metric(about.build)
    build.set(1, { version, node })
    const processStart = new Metric(about.processStart)
    processStart.set(startedAt)
    const processCpu = new Metric(about.processCpu)
    processCpu.set(cpu())
    const processMemory = new Metric(about.processMemory)
    processMemory.set(memory())
    for (const { context, held, name } of this.#leases) {
      this.#leaseHeld.set(held() ? 1 : 0, { context, namespace: name.namespace, lease: name.name })
    }
    return [
      build,
      this.#cycles,
      this.#lastCycle,
      this.#poll,
      this.#applications,
      this.#images,
      this.#updates,
      this.#registryRequests,
      this.#clusterRequests,
      this.#leaseHeld,
      processStart,
      processCpu,
      processMemory,
    ]
      .map(({ text }) => text)
      .join('')
  }

  #countCycle(at: Date, images: readonly CheckedImage[]): void {
    const now = at.getTime()
    this.#cycles.add(1, { result: 'ok' })
    this.#lastCycle.set(now / SECOND)
    if (this.#pollingSince) this.#poll.observe((now - this.#pollingSince.getTime()) / SECOND)
    const states = images.map((image) => (image.state === 'failed' ? 'failed' : image.decision.kind))
    for (const state of IMAGE_STATES) {
      this.#images.set(states.filter((each) => each === state).length, { state })
    }
    const names = images.map(({ application: { metadata } }) => `${metadata.namespace}/${metadata.name}`)
    this.#applications.set(new Set(names).size)
  }
}

function codeOf(status: number): string {
  return status === 0 ? 'none' : String(status)
}
