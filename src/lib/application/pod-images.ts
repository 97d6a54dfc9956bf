import { type ImageReference, sameRepository } from '../image/reference.ts'
import { readImageText } from './image-text.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { ObjectField } from './object-field.ts'

/** One container of one Pod that runs the image. */
export interface PodImage {
  readonly pod: string
  readonly container: string
  readonly kind: 'container' | 'init' | 'ephemeral'
  /** As the Pod's spec asks for it. */
  readonly image: ImageReference
  /** What the node pulled, `sha256:…` of a manifest or an index; '' where it does not tell. */
  readonly digest: string
}

/** What the Pods of an Application run of one repository. */
export interface PodImages {
  readonly images: readonly PodImage[]
  /** Each digest once. Several: a rollout is under way, or nodes report the index and the platform's manifest. */
  readonly digests: readonly string[]
  /** Containers whose digest is not known: not started yet, or only an image ID is reported. */
  readonly unknown: number
}

const CONTAINER_LISTS = [
  { kind: 'container', spec: 'containers', status: 'containerStatuses' },
  { kind: 'init', spec: 'initContainers', status: 'initContainerStatuses' },
  { kind: 'ephemeral', spec: 'ephemeralContainers', status: 'ephemeralContainerStatuses' },
] as const

/**
 * The containers whose image is of the repository that `image` names, and the digests they run. Containers
 * are matched by what the spec asks for: the status may name the image by another of its tags, by a
 * mirror, or not at all. Pods that have ended or are being deleted run nothing that counts.
 *
 * @throws MalformedFieldError when a Pod has a field of the wrong shape.
 */
export function podImages(pods: readonly KubernetesObject[], image: ImageReference): PodImages {
  const images = pods.filter(counts).flatMap((pod) => imagesOfPod(pod, image))
  const digests = new Set(images.map(({ digest }) => digest).filter((digest) => digest !== ''))
  return {
    images,
    digests: [...digests],
    unknown: images.filter(({ digest }) => digest === '').length,
  }
}

/**
 * The digest in a container status' `imageID`: of `docker-pullable://repo@sha256:…` and
 * `repo@sha256:…`. A bare `sha256:…` is the digest of the image's configuration, which no registry lists
 * and which must not be compared with one that does; it gives ''.
 */
export function digestOfImageId(imageId: string): string {
  const at = imageId.lastIndexOf('@')
  const digest = at < 0 ? '' : imageId.slice(at + 1)
  return /^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest) ? digest : ''
}

function counts(pod: KubernetesObject): boolean {
  const phase = new ObjectField('', pod).member('status').member('phase').value
  return pod.metadata['deletionTimestamp'] === undefined && phase !== 'Succeeded' && phase !== 'Failed'
}

function imagesOfPod(pod: KubernetesObject, wanted: ImageReference): readonly PodImage[] {
  const root = new ObjectField(`pod "${pod.metadata.name}"`, pod)
  return CONTAINER_LISTS.flatMap(({ kind, spec, status }) => {
    const statuses = root.member('status').member(status).items()
    return root
      .member('spec')
      .member(spec)
      .items()
      .flatMap((field) => {
        const image = readImageText(field.member('image').text())
        if (image === undefined || !sameRepository(image, wanted)) return []
        const container = field.member('name').text()
        const own = statuses.find((entry) => entry.member('name').text() === container)
        const digest = digestOfImageId(own?.member('imageID').text() ?? '')
        return [{ pod: pod.metadata.name, container, kind, image, digest }]
      })
  })
}
