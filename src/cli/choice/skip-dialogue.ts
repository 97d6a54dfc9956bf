import type { DryRun } from '../../lib/cluster/client.ts'
import { controlSubjects } from '../../lib/engine/control-subjects.ts'
import { operatorImage } from '../../lib/engine/operator-image.ts'
import { readTag, SkipError, skipWrite, tagToSkip } from '../../lib/engine/skip.ts'
import { formatSkippedTag } from '../../lib/rules/controls.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { namedApplication } from '../session/named-application.ts'
import type { Session } from '../session/session.ts'
import { showObjects } from '../written-object.ts'
import { writeStep } from './control-dialogue.ts'

interface SkipArguments {
  readonly application: string
  readonly alias: string
  readonly tag?: string | undefined
}

/** Finds out which tag is meant, and declines it, or takes that back. */
export async function skipDialogue(
  session: Session,
  { application: name, alias, tag }: SkipArguments,
  flags: { readonly undo: boolean; readonly 'dry-run': DryRun },
): Promise<void> {
  const { application, managed } = await namedApplication(session, name)
  const subjects = controlSubjects(application, managed, [alias])
  if (flags.undo && tag === undefined) {
    throw new SkipError(
      '--undo has to know the tag',
      'Write it behind the alias; list -o wide shows what is skipped',
    )
  }
  const image = operatorImage(application, managed, alias)
  const skipped =
    flags.undo && tag !== undefined
      ? readTag(tag)
      : await withProgress('Asking the registries', () => tagToSkip(session.engine, image, tag))
  const text = formatSkippedTag(skipped)
  const write = skipWrite(application, subjects[0] ?? '', skipped, { undo: flags.undo })
  const [done, already] = flags.undo
    ? [`offers ${text} again`, `does not skip ${text}`]
    : [`skips ${text}`, `skips ${text} already`]
  const object = await writeStep(session, application, subjects, { already, done, write }, flags['dry-run'])
  showObjects(session, [object])
}
