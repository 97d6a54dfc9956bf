import { readImageText } from '../application/image-text.ts'
import { ObjectField } from '../application/object-field.ts'
import { workloadTitle } from '../application/workload.ts'
import { type ImageReference, sameRepository } from '../image/reference.ts'
import type { ContainerList } from './pull-policy.ts'
import type { Workload } from './restart.ts'

/** A container of a workload's Pod template that runs the image that moved. */
export interface RestartContainer {
  readonly list: ContainerList
  readonly field: ObjectField
  readonly name: string
  readonly image: ImageReference
}

/**
 * The containers and init containers that run `moved` by its tag, whatever its digest.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function containersToRestart(workload: Workload, moved: ImageReference): readonly RestartContainer[] {
  return containersOf(workload).filter(
    ({ image }) => sameRepository(image, moved) && (image.tag || 'latest') === (moved.tag || 'latest'),
  )
}

function containersOf({ kind, object }: Workload): readonly RestartContainer[] {
  const spec = new ObjectField(workloadTitle({ kind, name: object.metadata.name }), object)
    .member('spec')
    .member('template')
    .member('spec')
  return (['containers', 'initContainers'] as const).flatMap((list) =>
    spec
      .member(list)
      .items()
      .flatMap((field) => {
        const image = readImageText(field.member('image').text())
        return image === undefined ? [] : [{ list, field, name: field.member('name').text(), image }]
      }),
  )
}
