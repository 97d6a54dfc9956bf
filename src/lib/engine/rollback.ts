import { runningImages } from '../application/running-images.ts'
import { withTag } from '../image/reference.ts'
import { isTag } from '../image/tag.ts'
import type { RegistryAccess } from '../registry/registry.ts'
import { RegistryError } from '../registry/registry-error.ts'
import { type ChosenImage, currentText } from './chosen-image.ts'
import { type EngineContext, registryFor } from './context.ts'
import { followsDigest } from './decide.ts'
import { changeNumber, type EarlierImage, imageHistory, numberedImage, previousImage } from './history.ts'
import type { ManagedImage } from './managed-image.ts'
import { ChoiceError, requireSpecPlace } from './operator-image.ts'

const IN_GIT =
  'Take the change back in git (git revert), or kubectl rollout undo the workload until Argo CD syncs again'
const DIGEST = /^sha256:[0-9a-f]{64}$/

/**
 * Finds the image to go back to, and whether it still can be had. A tag that has moved since goes back by its
 * digest of then.
 *
 * @param number a change by its number; absent: the image before the current one
 * @throws ChoiceError where there is no such image any more; RegistryError when the registry cannot be asked
 */
export async function chooseEarlier(
  context: EngineContext,
  image: ManagedImage,
  number?: string,
): Promise<ChosenImage> {
  requireSpecPlace(image, IN_GIT)
  const { rule } = image
  const from = currentText(image)
  const earlier = findEarlier(image, from, number)
  const [tag = ''] = earlier.text.split('@')
  if (!isTag(tag) || (earlier.digest !== '' && !DIGEST.test(earlier.digest))) {
    throw new ChoiceError(
      `${earlier.text} is ${earlier.source}, and names no image`,
      'Choose another with --to',
    )
  }
  const { declared } = runningImages(image.application, rule)
  const pins = earlier.pinned || rule.pinDigest || rule.strategy === 'digest' || declared.image?.digest
  const found = await verify(registryFor(context, rule), image, tag, earlier)
  const digest = found.write || (pins && found.digest) || ''
  return {
    digest: found.digest,
    from,
    image,
    source: earlier.source,
    target: withTag(rule.image, tag, digest),
    warnings: found.warnings,
  }
}

function findEarlier(image: ManagedImage, current: string, number: string | undefined): EarlierImage {
  const changes = imageHistory(image)
  const { name } = image.application.metadata
  const subject = `${name} ${image.rule.alias}`.trimEnd()
  if (number !== undefined) {
    const found = numberedImage(image, changes, number)
    if (found) return found
    const known = changes.map(changeNumber).join(', ')
    throw new ChoiceError(
      `${subject}: the history has no ${number}`,
      known === '' ? 'It is empty' : `It has ${known}; kubectl image-updater history shows them`,
    )
  }
  const found = previousImage(changes, current)
  if (found) return found
  throw new ChoiceError(
    `${subject}: no earlier image is known`,
    `Choose a tag yourself: kubectl image-updater set ${name} ${image.rule.alias || 'ALIAS'}=TAG`,
  )
}

interface Found {
  /** What is gone back to. */
  readonly digest: string
  /** The digest where the tag alone would bring another image; '' elsewhere. */
  readonly write: string
  readonly warnings: readonly string[]
}

async function verify(
  registry: RegistryAccess,
  { rule }: ManagedImage,
  tag: string,
  earlier: EarlierImage,
): Promise<Found> {
  const now = await unlessMissing(registry.resolveDigest(rule.image, tag))
  const then = earlier.digest
  if (then === '') {
    if (now === undefined)
      throw new ChoiceError(`the tag ${tag} is not in the registry any more`, 'Choose another with --to')
    const moves = followsDigest(rule)
    const warnings = moves
      ? [`whether ${tag} has moved since cannot be told: its digest of then is not known`]
      : []
    return { digest: now, warnings, write: '' }
  }
  if (now === then) return { digest: then, warnings: [], write: '' }
  // A Pod may have reported the manifest of its platform instead of the index.
  const described = now === undefined ? undefined : await registry.describe(rule.image, now, [])
  if (described?.manifests.includes(then)) return { digest: described.digest, warnings: [], write: '' }
  if (await unlessMissing(registry.describe(rule.image, then, []))) {
    const why = now === undefined ? `the tag ${tag} is gone` : `${tag} names another image by now`
    return { digest: then, warnings: [`${why}: the digest of then is written`], write: then }
  }
  throw new ChoiceError(
    `${tag}@${then} is not in the registry any more`,
    now === undefined ? 'Choose another with --to' : `The tag names ${now} by now; set takes that`,
  )
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof RegistryError && error.kind === 'not-found') return undefined
    throw error
  }
}
