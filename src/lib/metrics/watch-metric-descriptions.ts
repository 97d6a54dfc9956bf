import type { CheckedImage, DecidedImage } from '../engine/checked-image.ts'
import type { MetricDescription } from './metric.ts'

type ImageState = DecidedImage['decision']['kind'] | Extract<CheckedImage['state'], 'failed'>

/** All of them, so that each has a number from the first poll on. */
export const IMAGE_STATES = Object.keys({
  'up-to-date': true,
  update: true,
  rolling: true,
  waiting: true,
  held: true,
  blocked: true,
  'not-running': true,
  'no-candidate': true,
  failed: true,
} satisfies Record<ImageState, true>)

function counter(name: string, help: string, ...labels: string[]): MetricDescription {
  return { help, labels, name, type: 'counter' }
}

function gauge(name: string, help: string, ...labels: string[]): MetricDescription {
  return { help, labels, name, type: 'gauge' }
}

/** Every metric of a watch. docs/metrics.md has a line for each. */
export const watchMetricDescriptions = {
  build: gauge('image_updater_build_info', 'Always 1; what runs.', 'version', 'node'),
  cycles: counter(
    'image_updater_cycles_total',
    'Cycles: ok where the cluster was read and every image that was due was polled, failed where the cluster could not be read.',
    'result',
  ),
  lastCycle: gauge(
    'image_updater_last_successful_cycle_timestamp_seconds',
    'When the last cycle with result ok was over, in seconds since 1970.',
  ),
  poll: {
    help: 'How long the cycles with result ok took, without their writes.',
    labels: [],
    name: 'image_updater_poll_duration_seconds',
    type: 'histogram',
  } satisfies MetricDescription as MetricDescription,
  applications: gauge('image_updater_applications', 'Applications with rules, as of the last cycle.'),
  images: gauge('image_updater_images', 'Images with rules by state, as of the last cycle.', 'state'),
  updates: counter(
    'image_updater_updates_total',
    'Updates: applied, failed to be written, or rolled-back because they made their Application Degraded.',
    'result',
  ),
  registryRequests: counter(
    'image_updater_registry_requests_total',
    'Requests to registries by host and HTTP status; code none: there was no answer.',
    'registry',
    'code',
  ),
  clusterRequests: counter(
    'image_updater_kubernetes_requests_total',
    'Requests to API servers by method and HTTP status; code none: there was no answer.',
    'method',
    'code',
  ),
  leaseHeld: gauge(
    'image_updater_lease_held',
    'Whether this process has the turn (1) or another one may have it (0); absent without --lease.',
    'context',
    'namespace',
    'lease',
  ),
  processStart: gauge('process_start_time_seconds', 'When this process began, in seconds since 1970.'),
  processCpu: counter('process_cpu_seconds_total', 'Processor time that this process has used, in seconds.'),
  processMemory: gauge('process_resident_memory_bytes', 'Memory of this process that is resident, in bytes.'),
}
