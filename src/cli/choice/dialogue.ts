import type { Application } from '../../lib/application/application.ts'
import { type Author, annotationText, type ChangeWay } from '../../lib/application/change-record.ts'
import type { DryRun } from '../../lib/cluster/client.ts'
import { EventRecorder } from '../../lib/cluster/events.ts'
import { recordChosen } from '../../lib/engine/chosen-event.ts'
import { type ChosenImage, chosenWrite, downgradeText, ownerWarnings } from '../../lib/engine/chosen-image.ts'
import { controlSubjects } from '../../lib/engine/control-subjects.ts'
import type { ManagedImages } from '../../lib/engine/managed-image.ts'
import { UserError } from '../../lib/errors.ts'
import { repositoryName, tagWithDigest } from '../../lib/image/reference.ts'
import { rfc3339 } from '../../lib/moment.ts'
import { confirm } from '../../lib/terminal/confirm.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { dryRunSuffix } from '../../lib/terminal/outcomes.ts'
import { renderWrite } from '../../lib/terminal/write-diff.ts'
import { holdOrder } from '../flags/hold.ts'
import { type Session, warn } from '../session/session.ts'
import type { AfterWriteFlags } from '../update/course.ts'
import { followChoice } from '../update/follow-choice.ts'
import { objectAfter, objectName, showWritten } from '../written-object.ts'

interface ChoiceFlags extends AfterWriteFlags {
  readonly hold: boolean
  readonly for?: string | undefined
  readonly until?: string | undefined
  readonly reason: string
  readonly yes: boolean
  readonly 'dry-run': DryRun
}

/**
 * Shows what a person chose, asks, and writes images, holds and record in one patch.
 *
 * @returns false where it was to be waited for, and did not come to run
 */
export async function choiceDialogue(
  session: Session,
  { application, managed }: { readonly application: Application; readonly managed: ManagedImages },
  chosen: readonly ChosenImage[],
  how: Extract<ChangeWay, 'set' | 'rollback'>,
  flags: ChoiceFlags,
): Promise<boolean> {
  const { applications } = session.engine
  const names = chosen.map(({ image: { rule } }) => rule.alias || repositoryName(rule.image))
  const order = holdOrder(session, flags)
  const hold = { order, subjects: flags.hold ? controlSubjects(application, managed, names) : [] }
  const author: Author = { by: session.operator, how, reason: annotationText(flags.reason) }
  const write = chosenWrite(application, chosen, {
    author,
    now: session.engine.now(),
    ...(flags.hold && { hold }),
  })
  const subject = `${objectName(application)} image ${names.join(', ')}`
  if (!write) {
    showWritten(session, application, `${subject} unchanged: it says so already`)
    return true
  }
  const warnings = [...chosen.flatMap((one) => one.warnings), ...ownerWarnings(application)]
  for (const warning of warnings) warn(`${application.metadata.name}: ${warning}`)
  const dryRun = flags['dry-run']
  const asks = session.asks({ dryRun, yes: flags.yes })
  if (session.forPeople || asks) {
    for (const [index, { source, target }] of chosen.entries()) {
      if (source !== '') session.note(printable(`${names[index]} ${tagWithDigest(target)} is ${source}.`))
    }
    const [out, paint] = session.forPeople
      ? [session.out, session.paint]
      : [process.stderr, session.paintNotes]
    out.write(renderWrite(applications, write, paint))
  }
  if (asks && !(await confirm(choiceQuestion(session, application, chosen)))) {
    session.note('Nothing was written.')
    return true
  }
  const tell = async (problem: string) => {
    const { cluster } = session.engine
    if (!cluster || dryRun !== 'none' || !write.record) return
    const recorder = new EventRecorder(cluster, session.operator)
    const warning = await recordChosen(recorder, application, chosen, {
      at: session.engine.now(),
      author,
      problem,
    })
    if (warning !== '') warn(warning)
  }
  const outcome = await applications.write(write, { dryRun }).catch(async (error: Error) => {
    if (error instanceof UserError) await tell(error.message)
    throw error
  })
  if (outcome.status === 'gone') throw new UserError(`${objectName(application)} was deleted meanwhile`)
  if (outcome.status === 'applied') await tell('')
  const steps = chosen.map(({ from, target }) => `${from || '-'} → ${tagWithDigest(target)}`).join(', ')
  const held = flags.hold ? `, held${order.until ? ` until ${rfc3339(order.until)}` : ''}` : ''
  const done = how === 'set' ? 'set' : 'rolled back'
  const meanwhile = outcome.status === 'unchanged' ? ' (somebody else did it already)' : ''
  showWritten(
    session,
    await objectAfter(write, outcome),
    `${subject} ${done} ${steps}${held} (${applications.whereIs(application)})${meanwhile}${dryRunSuffix(dryRun)}`,
  )
  if (outcome.status !== 'applied') return true
  return followChoice(session, outcome.object as Application, chosen, flags)
}

/** The question names what goes down, what is written and where. */
function choiceQuestion(session: Session, application: Application, chosen: readonly ChosenImage[]): string {
  const down = chosen.flatMap(
    ({ from, image: { rule }, target }) => downgradeText(rule, from, target.tag) || [],
  )
  const lower = down.length === 0 ? '' : `${down.join(', ')}. `
  return `${lower}Apply to ${application.metadata.name} ${session.engine.applications.whereIs(application)}?`
}
