import type { Application } from '../../lib/application/application.ts'
import type { ManagedImage, ManagedImages } from '../../lib/engine/managed-image.ts'
import { operatorImage, operatorImages } from '../../lib/engine/operator-image.ts'
import { chooseEarlier } from '../../lib/engine/rollback.ts'
import { UserError } from '../../lib/errors.ts'
import { repositoryName } from '../../lib/image/reference.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { namedApplication } from '../session/named-application.ts'
import type { Session } from '../session/session.ts'
import { choiceDialogue } from './dialogue.ts'

interface RollbackArguments {
  readonly application: string
  readonly alias?: string | undefined
}

type RollbackFlags = Parameters<typeof choiceDialogue>[4] & {
  readonly to?: string | undefined
  readonly all: boolean
}

/** Which image is to go back cannot be told from the command line. */
export class RollbackArgumentError extends UserError {}

/**
 * Finds the earlier image of one or all images of an Application, verifies it, shows, asks and writes.
 *
 * @returns as `choiceDialogue`
 */
export async function rollbackDialogue(
  session: Session,
  { application: name, alias }: RollbackArguments,
  flags: RollbackFlags,
): Promise<boolean> {
  const found = await namedApplication(session, name)
  const images = imagesOf(found.application, found.managed, alias, flags.all)
  const chosen = await withProgress('Asking the registries', () =>
    Promise.all(images.map((image) => chooseEarlier(session.engine, image, flags.to))),
  )
  return choiceDialogue(session, found, chosen, 'rollback', flags)
}

function imagesOf(
  application: Application,
  managed: ManagedImages,
  alias: string | undefined,
  all: boolean,
): readonly ManagedImage[] {
  if (alias !== undefined && all) {
    throw new RollbackArgumentError('an image is named, and --all', 'Give one of them')
  }
  if (alias !== undefined) return [operatorImage(application, managed, alias)]
  const images = operatorImages(application, managed)
  if (all || images.length === 1) return images
  const names = images.map(({ rule }) => rule.alias || repositoryName(rule.image)).join(', ')
  throw new RollbackArgumentError(
    `application "${application.metadata.name}" has several images`,
    `Name one of ${names}, or add --all`,
  )
}
