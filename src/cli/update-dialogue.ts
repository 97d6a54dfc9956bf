import type { DryRun } from '../lib/cluster/client.ts'
import { type ApplyOutcome, applyUpdates } from '../lib/engine/apply.ts'
import type { Permissions } from '../lib/engine/check.ts'
import type { UpdatableImage } from '../lib/engine/checked-image.ts'
import { planApplication } from '../lib/engine/plan.ts'
import { recordOf } from '../lib/engine/record.ts'
import { imageName } from '../lib/terminal/checked-images.ts'
import type { Paint } from '../lib/terminal/colour.ts'
import { confirm } from '../lib/terminal/confirm.ts'
import { printable } from '../lib/terminal/escape.ts'
import { outcomeLines } from '../lib/terminal/outcomes.ts'
import { renderWrite } from '../lib/terminal/write-diff.ts'
import type { Session } from './session.ts'

/** What `update` did, image by image. */
export interface UpdateReport {
  readonly items: readonly Record<string, unknown>[]
  readonly failed: boolean
}

/**
 * Shows the diff of each Application's writes, asks unless told not to, and applies them. One Application
 * that fails does not stop the next.
 *
 * @param groups the updates, one group an Application
 */
export async function updateDialogue(
  session: Session,
  groups: readonly (readonly UpdatableImage[])[],
  options: { readonly dryRun: DryRun; readonly yes: boolean; readonly permissions: Permissions },
): Promise<UpdateReport> {
  const items: Record<string, unknown>[] = []
  let failed = false
  for (const updates of groups) {
    const asks = session.asks(options)
    // A yes to everything beforehand is no yes to what the rule wants a person for.
    const group = options.yes ? updates.filter(({ decision }) => decision.approval === undefined) : updates
    for (const image of updates) {
      if (group.includes(image)) continue
      session.note(needsApproval(image))
      items.push({ ...session.documentOf(image), outcome: 'declined', error: null })
    }
    if (group.length === 0) continue
    // Nobody is asked about what they cannot see, even if the answer goes to a program.
    if (session.forPeople) session.out.write(writesDiff(session, group, session.paint))
    else if (asks) process.stderr.write(writesDiff(session, group, session.paintNotes))
    if (asks && !(await confirm(question(session, group)))) {
      if (session.forPeople) session.note(`Nothing was written to ${group[0]?.application.metadata.name}.`)
      for (const image of group) {
        items.push({ ...session.documentOf(image), outcome: 'declined', error: null })
      }
      continue
    }
    const author = session.author('update')
    const outcomes = await applyUpdates(session.engine, group, {
      ...options,
      ...(author && { author }),
      asked: asks,
      mayApply: ({ decision }) => decision.approval === undefined,
    })
    for (const outcome of outcomes) {
      failed ||= outcome.state === 'failed'
      items.push(outcomeDocument(session, outcome))
      reportOutcome(session, outcome, options.dryRun)
    }
  }
  return { items, failed }
}

/** The question names what is changed and where, so that nobody answers for the wrong cluster. */
export function question(session: Session, group: readonly UpdatableImage[]): string {
  const [image] = group
  if (!image) return 'Apply?'
  const { application } = image
  const steps = group.flatMap(({ decision }) => decision.approval ?? [])
  const bigger = steps.length > 0 ? ` ${steps.join(', ')}.` : ''
  return `${bigger} Apply to ${application.metadata.name} ${session.engine.applications.whereIs(application)}?`.trimStart()
}

function needsApproval(image: UpdatableImage): string {
  const { decision } = image
  return printable(
    `${image.application.metadata.name} ${imageName(image)} not updated: needs approval: ${decision.approval}. Leave --yes out, or add --pass max-bump`,
  )
}

/** Every write of one Application as a diff. */
export function writesDiff(session: Session, group: readonly UpdatableImage[], paint: Paint): string {
  const author = session.author('update')
  return planApplication(group, author && ((image) => recordOf(image, author, session.engine.now())))
    .map(({ write }) => renderWrite(session.engine.applications, write, paint))
    .join('')
}

function reportOutcome(session: Session, outcome: ApplyOutcome, dryRun: DryRun): void {
  if (outcome.state === 'failed')
    for (const line of outcomeLines(outcome, dryRun, session.paintNotes)) session.note(line)
  else if (session.forPeople) {
    for (const line of outcomeLines(outcome, dryRun, session.paint)) session.out.write(`${line}\n`)
  }
}

function outcomeDocument(session: Session, outcome: ApplyOutcome): Record<string, unknown> {
  return {
    ...session.documentOf(outcome.image),
    outcome: outcome.state,
    error: outcome.state === 'failed' ? outcome.error.message : null,
  }
}
