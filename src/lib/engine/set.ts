import { runningImages } from '../application/running-images.ts'
import { type ImageReference, repositoryName, withTag } from '../image/reference.ts'
import { nearestWord } from '../nearest.ts'
import { judgePlatforms } from '../policy/select.ts'
import type { RegistryAccess } from '../registry/registry.ts'
import { RegistryError } from '../registry/registry-error.ts'
import type { SkippedTag } from '../rules/controls.ts'
import { type ChosenImage, currentText } from './chosen-image.ts'
import { type EngineContext, registryFor } from './context.ts'
import { followsDigest } from './decide.ts'
import type { ManagedImage } from './managed-image.ts'
import { ChoiceError, requireSpecPlace } from './operator-image.ts'

const IN_GIT = 'Change the tag in git'

/**
 * Finds out whether a chosen tag can be written: whether it exists, and names the digest where one was given.
 * The digest is written too where the person gave it, and where the rule pins it.
 *
 * @throws ChoiceError saying what is not there; RegistryError when the registry cannot be asked
 */
export async function chooseTag(
  context: EngineContext,
  image: ManagedImage,
  { tag, digest }: SkippedTag,
): Promise<ChosenImage> {
  requireSpecPlace(image, IN_GIT)
  const { application, rule } = image
  const registry = registryFor(context, rule)
  const named = await existingDigest(registry, rule.image, tag)
  if (digest !== '' && digest !== named) {
    throw new ChoiceError(
      `${repositoryName(rule.image)}:${tag} names ${named}, not ${digest}`,
      `Write ${tag}@${named} for what it names now`,
    )
  }
  const { declared } = runningImages(application, rule)
  const pins = rule.pinDigest || rule.strategy === 'digest' || declared.image?.digest
  const moved = followsDigest(rule) && declared.image?.tag === tag
  const target = withTag(rule.image, tag, digest !== '' || pins || moved ? named : '')
  return {
    digest: named,
    from: currentText(image),
    image,
    source: '',
    target,
    warnings: await platformWarnings(registry, image, named),
  }
}

/** The digest that a tag names. @throws ChoiceError naming the nearest tag where there is none such */
export async function existingDigest(
  registry: RegistryAccess,
  image: ImageReference,
  tag: string,
): Promise<string> {
  try {
    return await registry.resolveDigest(image, tag)
  } catch (error) {
    if (!(error instanceof RegistryError) || error.kind !== 'not-found') throw error
    const { tags } = await registry.listTags(image)
    const near = nearestWord(
      tag,
      tags.map((listed) => listed.tag),
    )
    throw new ChoiceError(
      `${repositoryName(image)} has no tag ${tag}`,
      near === undefined ? 'kubectl image-updater tags shows what it has' : `Did you mean ${near}?`,
      { cause: error },
    )
  }
}

async function platformWarnings(
  registry: RegistryAccess,
  { rule }: ManagedImage,
  digest: string,
): Promise<readonly string[]> {
  if (rule.platforms.length === 0) return []
  const { platforms } = await registry.describe(rule.image, digest, rule.platforms)
  const unfit = judgePlatforms({ platforms, tag: digest }, rule.platforms)
  return unfit ? [`the image ${unfit.reason}, which the rule asks for`] : []
}
