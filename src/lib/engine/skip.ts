import type { Application } from '../application/application.ts'
import { runningImages } from '../application/running-images.ts'
import { UserError } from '../errors.ts'
import { type ControlSubject, skipAnnotations } from '../rules/control-annotations.ts'
import { parseSkips, type SkippedTag } from '../rules/controls.ts'
import { annotationWrite } from '../writeback/annotation-write.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import { checkImages } from './check.ts'
import type { CheckedImage, DecidedImage } from './checked-image.ts'
import { type EngineContext, registryFor } from './context.ts'
import { followsDigest } from './decide.ts'
import type { ManagedImage } from './managed-image.ts'
import { currentReference, declaredOrLive } from './running-image.ts'

/** There is nothing to decline, or not this. */
export class SkipError extends UserError {}

/**
 * The write that declines a tag, or offers it again; undefined where that is so already.
 *
 * @param subject the alias, or '' where the only image has none
 * @throws ControlError as {@link skipAnnotations} does
 */
export function skipWrite(
  application: Application,
  subject: ControlSubject,
  skipped: SkippedTag,
  options: { readonly undo: boolean },
): ObjectWrite | undefined {
  const change = skipAnnotations(application.metadata.annotations ?? {}, subject, skipped, options)
  const write = annotationWrite(application, change)
  return write && { ...write, summary: 'skip' }
}

/**
 * What is declined of an image that offers something: the tag, or where the tag that runs has moved only the
 * digest that it names now. Undefined where nothing is offered.
 */
export function offeredTag({ decision, running, scan }: DecidedImage): SkippedTag | undefined {
  if (!('target' in decision)) return undefined
  const { target } = decision
  const moved = currentReference(running)?.tag === target.tag
  return { digest: moved ? target.digest || scan.winner?.digest || '' : '', tag: target.tag }
}

/**
 * What a person wants declined: what they named, else what is offered now. Of a tag that runs and is
 * followed wherever it moves, only the digest that it names now.
 *
 * @throws SkipError
 */
export async function tagToSkip(
  context: EngineContext,
  image: ManagedImage,
  named: string | undefined,
): Promise<SkippedTag> {
  if (named === undefined) {
    const [checked] = await checkImages(context, [image])
    return offered(checked as CheckedImage)
  }
  const tag = readTag(named)
  const runs = declaredOrLive(runningImages(image.application, image.rule))?.tag === tag.tag
  if (tag.digest !== '' || !runs || !followsDigest(image.rule)) return tag
  return { ...tag, digest: await registryFor(context, image.rule).resolveDigest(image.rule.image, tag.tag) }
}

/** One tag as a person writes it, `1.5.0` or `production@sha256:…`. @throws SkipError */
export function readTag(text: string): SkippedTag {
  try {
    const [tag, ...others] = parseSkips(text)
    if (tag && others.length === 0) return tag
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  throw new SkipError(`"${text}" is no tag`, 'Write a tag as 1.5.0 or production@sha256:…')
}

function offered(checked: CheckedImage): SkippedTag {
  if (checked.state === 'failed') throw checked.error
  const tag = offeredTag(checked)
  if (tag) return tag
  const { name } = checked.application.metadata
  throw new SkipError(
    `${name} ${checked.alias || checked.image} offers nothing to skip: ${checked.decision.reason}`,
    'Name the tag to skip one that may come',
  )
}
