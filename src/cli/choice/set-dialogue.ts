import { operatorImage } from '../../lib/engine/operator-image.ts'
import { chooseTag } from '../../lib/engine/set.ts'
import { readTag } from '../../lib/engine/skip.ts'
import { UserError } from '../../lib/errors.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { namedApplication } from '../session/named-application.ts'
import type { Session } from '../session/session.ts'
import { choiceDialogue } from './dialogue.ts'

/** What is to be set cannot be told from the command line. */
export class SetArgumentError extends UserError {}

/**
 * Reads `APPLICATION ALIAS=TAG[@DIGEST]…`, verifies each, shows, asks and writes.
 *
 * @returns as `choiceDialogue`
 */
export async function setDialogue(
  session: Session,
  words: readonly string[],
  flags: Parameters<typeof choiceDialogue>[4],
): Promise<boolean> {
  const [name, ...assignments] = words
  if (name === undefined || assignments.length === 0) {
    throw new SetArgumentError('what to set is not said', 'Write: set APPLICATION ALIAS=TAG')
  }
  const wanted = assignments.map(readAssignment)
  const twice = wanted.find(
    ({ alias }, index) => wanted.findIndex((other) => other.alias === alias) !== index,
  )
  if (twice) throw new SetArgumentError(`${twice.alias} is set twice`, 'Give each image one tag')
  const found = await namedApplication(session, name)
  const images = wanted.map(({ alias, tag }) => ({
    image: operatorImage(found.application, found.managed, alias),
    tag: readTag(tag),
  }))
  const chosen = await withProgress('Asking the registries', () =>
    Promise.all(images.map(({ image, tag }) => chooseTag(session.engine, image, tag))),
  )
  return choiceDialogue(session, found, chosen, 'set', flags)
}

function readAssignment(text: string): { readonly alias: string; readonly tag: string } {
  const equals = text.indexOf('=')
  if (equals > 0 && equals < text.length - 1) {
    return { alias: text.slice(0, equals), tag: text.slice(equals + 1) }
  }
  throw new SetArgumentError(`"${text}" is not ALIAS=TAG`, 'Write for example web=1.4.2')
}
