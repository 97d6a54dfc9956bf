import { describe, expect, it } from 'vitest'
import type { WatchEvent } from '../../src/lib/engine/watch-event.ts'
import { UserError } from '../../src/lib/errors.ts'
import { WatchMetrics } from '../../src/lib/metrics/watch-metrics.ts'
import { WatchTheatre } from '../engine/watch-world.ts'

const PROGRAM = { cpu: () => 1.5, memory: () => 1024, node: '26.10.0', startedAt: 1_000, version: '0.1.0' }

function metricsOfProgram(): WatchMetrics {
  return new WatchMetrics(PROGRAM)
}

/** `name{labels}` → number. */
function numbers(metrics: WatchMetrics): Record<string, number> {
  const lines = metrics.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  )
}

/** A watch of two images, of which one has an update and one's repository is away. */
function theatre(): WatchTheatre {
  const world = new WatchTheatre()
  world.registry.repositories.set('org/web', { '2.0.0': {} })
  world.applications = [
    { kustomize: ['org/web:1.0.0', 'org/api:1.0.0'], rules: { 'image-list': 'web=org/web, api=org/api' } },
  ]
  return world
}

async function play(world: WatchTheatre, metrics: WatchMetrics, seconds: number): Promise<void> {
  world.at(seconds, () => world.stop())
  for await (const event of world.events()) metrics.follow(event)
}

describe('the metrics of a watch', () => {
  it('have every number from the start', () => {
    expect(numbers(metricsOfProgram())).toMatchObject({
      'image_updater_build_info{version="0.1.0",node="26.10.0"}': 1,
      'image_updater_cycles_total{result="failed"}': 0,
      'image_updater_cycles_total{result="ok"}': 0,
      image_updater_poll_duration_seconds_count: 0,
      'image_updater_updates_total{result="applied"}': 0,
      process_cpu_seconds_total: 1.5,
      process_start_time_seconds: 1_000,
    })
  })

  it('count cycles, images by state and updates', async () => {
    const metrics = metricsOfProgram()
    const world = theatre()
    world.at(70, () => {
      world.loadError = 'the API server is away'
    })
    await play(world, metrics, 125)
    expect(numbers(metrics)).toMatchObject({
      image_updater_applications: 1,
      'image_updater_cycles_total{result="failed"}': 1,
      'image_updater_cycles_total{result="ok"}': 2,
      'image_updater_images{state="failed"}': 1,
      'image_updater_images{state="held"}': 0,
      'image_updater_images{state="update"}': 1,
      image_updater_last_successful_cycle_timestamp_seconds: Date.parse('2026-03-01T12:01:00Z') / 1000,
      'image_updater_poll_duration_seconds_bucket{le="+Inf"}': 2,
      'image_updater_updates_total{result="applied"}': 2,
      'image_updater_updates_total{result="failed"}': 0,
    })
  })

  it('count what failed and what was taken back, and no dry run', () => {
    const metrics = metricsOfProgram()
    const at = new Date()
    const image = {} as Extract<WatchEvent, { type: 'applied' }>['image']
    const error = new UserError('no')
    metrics.follow({ at, dryRun: true, image, type: 'applied' })
    metrics.follow({ at, error, image, type: 'apply-failed' })
    metrics.follow({ at, images: [image, image], reason: 'Degraded', type: 'undone' })
    metrics.follow({ at, error, images: [image], reason: 'Degraded', type: 'undone' })
    expect(numbers(metrics)).toMatchObject({
      'image_updater_updates_total{result="applied"}': 0,
      'image_updater_updates_total{result="failed"}': 1,
      'image_updater_updates_total{result="rolled-back"}': 2,
    })
  })

  it('leave the images to whoever has the turn', async () => {
    const metrics = metricsOfProgram()
    const world = theatre()
    world.at(10, () => {
      world.standingBy = true
    })
    await play(world, metrics, 70)
    expect(Object.keys(numbers(metrics)).filter((name) => /images|applications/.test(name))).toEqual([])
  })

  it('say whose turn it is when they are asked', () => {
    const metrics = metricsOfProgram()
    let held = false
    metrics.watchLease({
      context: 'in-cluster',
      held: () => held,
      name: { name: 'shard-1', namespace: 'updater' },
    })
    const series = 'image_updater_lease_held{context="in-cluster",namespace="updater",lease="shard-1"}'
    expect(numbers(metrics)[series]).toBe(0)
    held = true
    expect(numbers(metrics)[series]).toBe(1)
  })

  it('count requests by host and status', () => {
    const metrics = metricsOfProgram()
    for (const status of [200, 429, 429, 0]) metrics.registryRequest('quay.io', status)
    metrics.clusterRequest('PATCH', 403)
    expect(numbers(metrics)).toMatchObject({
      'image_updater_kubernetes_requests_total{method="PATCH",code="403"}': 1,
      'image_updater_registry_requests_total{registry="quay.io",code="200"}': 1,
      'image_updater_registry_requests_total{registry="quay.io",code="429"}': 2,
      'image_updater_registry_requests_total{registry="quay.io",code="none"}': 1,
    })
  })

  it('do not grow with what others write into rules', () => {
    const metrics = metricsOfProgram()
    for (let host = 0; host < 5_000; host += 1) metrics.registryRequest(`r${host}.example.com`, 200)
    const lines = metrics.text
      .split('\n')
      .filter((line) => line.startsWith('image_updater_registry_requests_total{'))
    expect(lines).toHaveLength(101)
    expect(lines.at(-1)).toBe('image_updater_registry_requests_total{registry="other",code="200"} 4900')
    expect(metrics.text).not.toContain('org/web')
  })
})
