import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { ObjectField } from '../application/object-field.ts'
import { tagValue } from '../application/override/written-image.ts'
import { WORKLOAD_KINDS, type Workload, workloadPath, workloadTitle } from '../application/workload.ts'
import type { ImageReference } from '../image/reference.ts'
import { rfc3339 } from '../moment.ts'
import { pullPolicyAuthor } from './pull-policy.ts'
import { resourceVersionTest } from './resource-version.ts'
import { containersToRestart, type RestartContainer } from './restart-container.ts'
import { annotationStep, containerTests, pullPolicyStep } from './restart-steps.ts'
import { RESTARTED_AT, ROLLED_DIGESTS, readRolledDigests, restartState } from './rolled-digests.ts'
import type { ObjectWrite } from './write.ts'

/** What a moved tag means for one workload. */
export type RestartPlan =
  | { readonly outcome: 'restart'; readonly write: ObjectWrite }
  /** It has been restarted for this digest before: done, or its Pods are on their way. */
  | { readonly outcome: 'already restarted'; readonly restartedAt: string }
  /** It does not run the image, or not by this tag. */
  | { readonly outcome: 'unaffected' }
  /** A restart would not bring the new image; what to change instead. */
  | { readonly outcome: 'blocked'; readonly problem: string; readonly remedy: string }

/**
 * Plans the restart of a workload for a tag that moved in place. `image` names the tag and the digest that
 * it has now.
 *
 * The Pod template gets the annotation by which `kubectl rollout restart` works, a note of the digest for
 * each container concerned, and, on those containers, `imagePullPolicy: Always` where nobody decided on
 * another: nodes would otherwise go on with the image they already have under that tag.
 *
 * An Argo Rollout is restarted through its template as well. Its own `spec.restartAt` deletes Pods in place,
 * without the steps and analyses that guard a new image; a changed template runs them. A Rollout whose
 * template lives in another workload (`spec.workloadRef`) follows that workload, which is restarted itself.
 *
 * @param now when it is restarted, for the annotation.
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function planRestart({ kind, object }: Workload, image: ImageReference, now: Date): RestartPlan {
  const containers = containersToRestart({ kind, object }, image)
  if (containers.length === 0) return { outcome: 'unaffected' }
  const wanted = tagValue(image)
  const states = containers.map(({ name }) => restartState(object, name, wanted))
  if (states.every(({ current }) => current)) {
    return { outcome: 'already restarted', restartedAt: states[0]?.restartedAt ?? '' }
  }
  const title = workloadTitle({ kind, name: object.metadata.name })
  const blocked = obstacle({ kind, object }, title, containers)
  if (blocked !== undefined) return blocked
  const rolled = {
    ...readRolledDigests(object),
    ...Object.fromEntries(containers.map(({ name }) => [name, wanted])),
  }
  const steps = [
    annotationStep(object, { [RESTARTED_AT]: rfc3339(now), [ROLLED_DIGESTS]: JSON.stringify(rolled) }),
    ...containers.map(pullPolicyStep),
  ]
  return {
    outcome: 'restart',
    write: {
      kind: `${kind.toLowerCase()}.${WORKLOAD_KINDS[kind].group}`,
      path: workloadPath({ kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name }),
      read: object,
      operations: [
        ...resourceVersionTest(object),
        ...containers.flatMap(containerTests),
        ...steps.flatMap(({ operations }) => operations),
      ],
      fields: steps.flatMap(({ fields }) => fields),
      summary: `restart ${title}${onDelete(object) ? ' (its Pods are replaced when you delete them)' : ''}`,
    },
  }
}

function obstacle(
  { kind, object }: Workload,
  title: string,
  containers: readonly RestartContainer[],
): Extract<RestartPlan, { outcome: 'blocked' }> | undefined {
  if (new ObjectField(title, object).member('spec').member('paused').flag() && kind === 'Deployment') {
    return blockedBy(`${title} is paused`, `Resume it: kubectl rollout resume ${title}`)
  }
  for (const { list, field, name, image } of containers) {
    if (image.digest !== '') {
      return blockedBy(
        `${title}: container "${name}" is fixed to ${image.digest}, and a restart would run that again`,
        `Leave the digest out of the manifest, or write the new one there`,
      )
    }
    const policy = field.member('imagePullPolicy').text()
    const author = policy === 'IfNotPresent' || policy === 'Never' ? pullPolicyAuthor(object, list, name) : ''
    if (author !== '') {
      return blockedBy(
        `${title}: container "${name}" has imagePullPolicy ${policy} from ${author}, so a restart may run the old image again`,
        `Set imagePullPolicy: Always for container "${name}" there`,
      )
    }
  }
  return undefined
}

function blockedBy(problem: string, remedy: string): Extract<RestartPlan, { outcome: 'blocked' }> {
  return { outcome: 'blocked', problem, remedy }
}

/** A StatefulSet or DaemonSet whose `updateStrategy` leaves it to people to delete the Pods. */
function onDelete(object: KubernetesObject): boolean {
  const strategy = new ObjectField('', object).member('spec').member('updateStrategy')
  return strategy.member('type').text() === 'OnDelete'
}
