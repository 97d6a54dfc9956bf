import {
  formatImageReference,
  type ImageReference,
  parseImageReference,
  repositoryName,
  withTag,
} from '../../image/reference.ts'
import { timestamp } from '../api/writes.ts'
import { type Json, type JsonObject, listAt, objectAt, textAt } from '../json.ts'
import type { ClusterView } from './cluster-view.ts'

/** Finds the digest that a tag or digest of an image names now; undefined when it cannot be pulled. */
export type ImageResolver = (image: ImageReference) => Promise<string | undefined>

/** The name of the simulation's only node. */
export const NODE = 'sandbox-node'

/** A tag that says of itself that its image does not work. */
const BROKEN = /(?:^|[-._])broken(?:$|[-._])/

/**
 * The node: pulls images by their pull policy and reports what runs. It keeps what it pulled, as a real
 * node does: with `IfNotPresent` a tag that moved is not fetched again, so a bare restart runs the old image.
 *
 * Two kinds of images never get ready: those that no registry has (`ImagePullBackOff`), and those whose tag
 * has the part `broken`, such as `1.6.0-broken`, which crash when they start (`CrashLoopBackOff`).
 */
export class Kubelet {
  readonly #resolve: ImageResolver
  readonly #pulled = new Map<string, string>()
  #addresses = 1

  constructor(resolve: ImageResolver) {
    this.#resolve = resolve
  }

  /** Starts the pods that do not run yet, and lets go of those being deleted. */
  async run(view: ClusterView): Promise<void> {
    const mine = view.all('Pod').filter((pod) => textAt(pod, 'spec', 'nodeName') === NODE)
    await Promise.all(
      mine.map((pod) => {
        if (textAt(pod, 'metadata', 'deletionTimestamp')) return view.remove('Pod', pod)
        return textAt(pod, 'status', 'phase') === 'Running' ? undefined : this.#start(view, pod)
      }),
    )
  }

  async #start(view: ClusterView, pod: JsonObject): Promise<void> {
    const now = timestamp(new Date())
    const containers = await Promise.all(
      listAt(pod, 'spec', 'containers').map((container) => this.#containerStatus(container, now)),
    )
    const ready = containers.every((status) => status['ready'] === true)
    const reasons = (statuses: readonly Json[]): string =>
      statuses.map((status) => textAt(status, 'state', 'waiting', 'reason')).join()
    const before = listAt(pod, 'status', 'containerStatuses')
    if (!ready && before.length > 0 && reasons(before) === reasons(containers)) return
    const condition = (type: string, ok: boolean): JsonObject => ({
      type,
      status: ok ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: now,
    })
    await view.patchStatus('Pod', pod, {
      phase: ready ? 'Running' : 'Pending',
      startTime: textAt(pod, 'status', 'startTime') || now,
      hostIP: '10.0.0.1',
      podIP: textAt(pod, 'status', 'podIP') || this.#nextAddress(),
      conditions: [
        condition('PodScheduled', true),
        condition('Initialized', true),
        condition('ContainersReady', ready),
        condition('Ready', ready),
      ],
      containerStatuses: containers,
    })
  }

  #nextAddress(): string {
    this.#addresses += 1
    return `10.244.${Math.floor(this.#addresses / 254) % 254}.${(this.#addresses % 254) + 1}`
  }

  async #containerStatus(container: Json, now: string): Promise<JsonObject> {
    const name = textAt(container, 'name')
    const spelled = textAt(container, 'image')
    const policy = textAt(container, 'imagePullPolicy')
    const image = readImage(spelled)
    const digest = image && (await this.#pull(image, policy))
    const status = { name, image: spelled, restartCount: 0, lastState: {} }
    if (!image || digest === undefined) {
      const reason = !image
        ? 'InvalidImageName'
        : policy === 'Never'
          ? 'ErrImageNeverPull'
          : 'ImagePullBackOff'
      const waiting = { reason, message: `Back-off pulling image "${spelled}"` }
      return { ...status, imageID: '', ready: false, started: false, state: { waiting } }
    }
    const pulled = {
      ...status,
      imageID: `${repositoryName(image)}@${digest}`,
      containerID: `containerd://${digest.slice('sha256:'.length)}`,
    }
    if (BROKEN.test(image.tag)) {
      const message = `back-off 5m0s restarting failed container=${name}`
      const waiting = { reason: 'CrashLoopBackOff', message }
      return { ...pulled, restartCount: 1, ready: false, started: false, state: { waiting } }
    }
    return {
      ...pulled,
      ready: true,
      started: true,
      state: { running: { startedAt: now } },
    }
  }

  async #pull(image: ImageReference, policy: string): Promise<string | undefined> {
    const spelled = formatImageReference(image)
    const kept = this.#pulled.get(spelled)
    if (policy === 'Never' || (policy === 'IfNotPresent' && kept !== undefined)) return kept
    const digest = await this.#resolve(image.digest || image.tag ? image : withTag(image, 'latest'))
    if (digest !== undefined) this.#pulled.set(spelled, digest)
    return digest
  }
}

function readImage(text: string): ImageReference | undefined {
  try {
    return parseImageReference(text)
  } catch {
    return undefined
  }
}

/** Whether every container of the pod is ready. */
export function isReady(pod: JsonObject): boolean {
  const statuses = listAt(pod, 'status', 'containerStatuses')
  return (
    textAt(pod, 'status', 'phase') === 'Running' &&
    statuses.length > 0 &&
    statuses.every((status) => objectAt(status)['ready'] === true)
  )
}
