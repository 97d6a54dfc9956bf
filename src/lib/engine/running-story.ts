import { amount } from '../amount.ts'
import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'
import { ObjectField } from '../application/object-field.ts'
import { type PodImages, podImages } from '../application/pod-images.ts'
import { type RunningImages, runningImages } from '../application/running-images.ts'
import { WORKLOAD_KINDS, type Workload, workloadTitle } from '../application/workload.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { argoState } from './argo-state.ts'
import { disagreements } from './running-image.ts'
import type { WorkloadView } from './workload-view.ts'

/** Everything that tells what runs of one image, and where it was looked for. */
export interface RunningStory {
  readonly images: RunningImages
  /** How many images `status.summary.images` lists, whichever they are. */
  readonly reported: number
  readonly pods: PodImages
  /** Why the Pods could not be read, or not all of them; '' when they could. */
  readonly podsProblem: string
  /** Disagreements between spec, status and Pods, one sentence each. */
  readonly notes: readonly string[]
  /** Where nothing runs it: why that may be, one sentence each. */
  readonly absence: readonly string[]
}

/** Kinds that run Pods for a while only. */
const SHORT_LIVED: readonly string[] = ['CronJob', 'Job']
/** API groups whose kinds make no Pods behind Argo CD's back. */
const BUILT_IN_GROUP = /^(?:|apps|batch|policy|autoscaling|extensions|.*\.k8s\.io)$/
const NAMED = 3

/**
 * Looks at the spec, the status and the Pods.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function runningStory(application: Application, rule: UpdateRule, view: WorkloadView): RunningStory {
  const images = runningImages(application, rule)
  const pods = podImages(view.pods, rule.image)
  const status = applicationField(application).member('status')
  const reported = status.member('summary').member('images').items().length
  const known = { digests: pods.digests, unknown: '' }
  const notes = disagreements({ firstSeenDigest: '', images, pods: known })
  return {
    absence: images.live.length > 0 ? [] : absence(application, pods, reported, view),
    images,
    notes: images.agrees ? notes : [...notes, ...unheard(application, images)],
    pods,
    podsProblem: view.problem,
    reported,
  }
}

/** A value that Argo CD has synced and that nothing runs is probably read by nobody. */
function unheard(application: Application, { declared }: RunningImages): string[] {
  const { sync, health } = argoState(application)
  if (sync !== 'Synced' || health !== 'Healthy') return []
  const why = 'what it renders may not read that field, or the Pods have yet to follow'
  return [`Argo CD is Synced and Healthy although ${declared.field} says otherwise: ${why}`]
}

function absence(
  application: Application,
  pods: PodImages,
  reported: number,
  { workloads }: WorkloadView,
): string[] {
  const found: string[] = []
  const { sync, everSynced } = argoState(application)
  if (sync === '') found.push('Argo CD has not compared the Application yet: it has no status')
  else if (!everSynced) found.push('Argo CD has never synced the Application')
  if (pods.images.length > 0) {
    const what = reported === 0 ? 'reports no images at all' : 'does not report it'
    found.push(
      `Pods run it (${amount(pods.images.length, 'container')}), but Argo CD's status.summary.images ${what}`,
    )
    return found
  }
  for (const workload of workloads.filter(isScaledToZero)) {
    found.push(`${titleOf(workload)} is scaled to 0`)
  }
  const resources = applicationField(application).member('status').member('resources').items()
  const named = resources.map((resource) => ({
    group: resource.member('group').text(),
    kind: resource.member('kind').text(),
    name: resource.member('name').text(),
  }))
  for (const job of named.filter(({ kind }) => SHORT_LIVED.includes(kind)).slice(0, NAMED)) {
    found.push(`${job.kind.toLowerCase()}/${job.name} has Pods only while it is at work`)
  }
  const custom = named.filter(
    ({ group, kind }) => !BUILT_IN_GROUP.test(group) && !Object.hasOwn(WORKLOAD_KINDS, kind),
  )
  if (custom.length > 0) {
    const some = custom.slice(0, NAMED).map(({ kind, name }) => `${kind.toLowerCase()}/${name}`)
    found.push(`Pods that an operator makes of ${some.join(', ')} may not be reported by Argo CD`)
  }
  return found
}

function isScaledToZero({ object }: Workload): boolean {
  return new ObjectField(object.metadata.name, object).member('spec').member('replicas').value === 0
}

function titleOf({ kind, object }: Workload): string {
  return workloadTitle({ kind, name: object.metadata.name })
}
