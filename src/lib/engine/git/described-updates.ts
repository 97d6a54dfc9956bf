import { UserError } from '../../errors.ts'
import type { ImageReference } from '../../image/reference.ts'
import type { RegistryAccess } from '../../registry/registry.ts'
import type { UpdateRule } from '../../rules/update-rule.ts'
import type { DescribedApplication, DescribedImage } from '../../writeback/git/described-change.ts'
import type { ApplicationChange } from '../../writeback/git/image-change.ts'
import { labelsOf } from '../../writeback/git/image-labels.ts'
import type { UpdatableImage } from '../checked-image.ts'
import { currentReference } from '../running-image.ts'

/** Updates as the editors of files want them, one entry an Application. */
export function changesOf(images: readonly UpdatableImage[]): ApplicationChange[] {
  return byApplication(images).map((own) => ({
    ...nameOf(own),
    images: own.map(({ decision, rule, running }) => {
      const before = currentReference(running)
      return { after: decision.target, alias: rule.alias, targets: rule.targets, ...(before && { before }) }
    }),
  }))
}

/** Updates as messages tell them. */
export function describedUpdates(images: readonly UpdatableImage[]): DescribedApplication[] {
  return byApplication(images).map((own) => ({ ...nameOf(own), images: own.map(describedImage) }))
}

/**
 * The same with the labels of the images before and after. An image that is gone, or a registry that does not
 * answer now, costs a link and nothing else.
 */
export async function labelledUpdates(
  images: readonly UpdatableImage[],
  registryFor: (rule: UpdateRule) => RegistryAccess,
): Promise<DescribedApplication[]> {
  return Promise.all(
    byApplication(images).map(async (own) => ({
      ...nameOf(own),
      images: await Promise.all(
        own.map(async (image) => {
          const described = describedImage(image)
          const read = (reference: ImageReference | undefined) =>
            reference ? labelsAt(registryFor(image.rule), reference, image.rule) : {}
          const [labels, labelsBefore] = await Promise.all([read(described.after), read(described.before)])
          return { ...described, labels, labelsBefore }
        }),
      ),
    })),
  )
}

async function labelsAt(
  registry: RegistryAccess,
  reference: ImageReference,
  { platforms }: UpdateRule,
): Promise<Readonly<Record<string, string>>> {
  try {
    const { labels } = await registry.describe(reference, reference.digest || reference.tag, platforms)
    return labelsOf(labels)
  } catch (error) {
    if (error instanceof UserError) return {}
    throw error
  }
}

function describedImage({ decision, rule, running, scan }: UpdatableImage): DescribedImage {
  const before = currentReference(running)
  const { createdAt, pushedAt } = scan.winner ?? {}
  return {
    after: decision.target,
    alias: rule.alias,
    ...(before && { before }),
    ...(pushedAt && { pushedAt }),
    ...(createdAt && { builtAt: createdAt }),
  }
}

function byApplication(images: readonly UpdatableImage[]): UpdatableImage[][] {
  return [...Map.groupBy(images, ({ application }) => application).values()]
}

function nameOf([image]: readonly UpdatableImage[]): { namespace: string; application: string } {
  const { name = '', namespace = '' } = image?.application.metadata ?? {}
  return { application: name, namespace }
}
