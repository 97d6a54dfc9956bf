import type { ChangeEntry } from '../application/change-record.ts'
import type { ImageOverride } from '../application/override/override.ts'
import { applicationWrite } from '../writeback/application-write.ts'
import { planRestart } from '../writeback/restart.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import type { CheckedImage, DecidedImage, UpdatableImage } from './checked-image.ts'
import type { Decision } from './decide.ts'
import type { WorkloadView } from './workload-view.ts'

/**
 * Turns an update into the writes that a person is shown. An update that turns out to be impossible (a
 * manifest fixes its pull policy, say) becomes a blocked decision with the reason.
 *
 * @param view the workloads, where they are what is written
 */
export function planImage(row: DecidedImage, view: WorkloadView | undefined, now: Date): CheckedImage {
  const { decision } = row
  if (decision.kind !== 'update') return row
  if (decision.place === 'workloads') return planRestarts(row, decision, view, now)
  const write = applicationWrite(row.application, [overrideOf(row as UpdatableImage)])
  if (!write) return { ...row, decision: { kind: 'up-to-date', reason: 'the spec says so already' } }
  return { ...row, writes: [write] }
}

function planRestarts(
  row: DecidedImage,
  { target, gates }: Decision & { kind: 'update' },
  view: WorkloadView | undefined,
  now: Date,
): DecidedImage {
  const blocked = (reason: string): DecidedImage => ({
    ...row,
    decision: {
      kind: 'blocked',
      reason,
      target,
      gates: [...gates, { name: 'workloads', reason, verdict: 'stop' }],
    },
  })
  const plans = (view?.workloads ?? []).map((workload) => planRestart(workload, target, now))
  const obstacle = plans.find((plan) => plan.outcome === 'blocked')
  if (obstacle) return blocked(`${obstacle.problem}. ${obstacle.remedy}`)
  const writes = plans.flatMap((plan) => (plan.outcome === 'restart' ? [plan.write] : []))
  if (writes.length > 0) return { ...row, writes }
  const restarted = plans.find((plan) => plan.outcome === 'already restarted')
  if (!restarted) return blocked(view?.problem || 'no workload of the Application runs this image')
  const since = restarted.restartedAt && ` since ${restarted.restartedAt}`
  return {
    ...row,
    decision: { kind: 'rolling', reason: `restarted for this digest, the Pods follow${since}` },
  }
}

/** A write together with the images it carries. */
export interface PlannedWrite {
  readonly write: ObjectWrite
  readonly images: readonly UpdatableImage[]
}

/**
 * The writes of several images of one Application: one patch of its spec for all of them, since a second
 * would be refused for the first one's change, then each image's restarts.
 *
 * @param recordOf what the Application's record is told of an image; without it nothing is recorded
 */
export function planApplication(
  images: readonly UpdatableImage[],
  recordOf?: (image: UpdatableImage) => ChangeEntry,
): PlannedWrite[] {
  const inSpec = images.filter(({ decision }) => decision.place === 'spec')
  const restarts = images.filter(({ decision }) => decision.place === 'workloads')
  const [first] = inSpec
  const write = first && applicationWrite(first.application, inSpec.map(overrideOf))
  return [
    ...(write
      ? [{ images: inSpec, write: recordOf ? { ...write, record: inSpec.map(recordOf) } : write }]
      : []),
    ...restarts.flatMap((image) => image.writes.map((restart) => ({ images: [image], write: restart }))),
  ]
}

/** The target of an update, and where its rule wants it. */
export function overrideOf({ decision, rule }: UpdatableImage): ImageOverride {
  return { image: decision.target, targets: rule.targets, writeBack: rule.writeBack }
}
