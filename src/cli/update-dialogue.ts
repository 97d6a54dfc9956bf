import type { DryRun } from '../lib/cluster/client.ts'
import { type ApplyOutcome, applyUpdates } from '../lib/engine/apply.ts'
import type { UpdatableImage } from '../lib/engine/checked-image.ts'
import { checkedImageDocument } from '../lib/terminal/checked-images.ts'
import type { Paint } from '../lib/terminal/colour.ts'
import { confirm } from '../lib/terminal/confirm.ts'
import { renderDiff } from '../lib/terminal/diff.ts'
import { outcomeLines, writeTitle } from '../lib/terminal/outcomes.ts'
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
  options: { readonly dryRun: DryRun; readonly yes: boolean; readonly allowDowngrade: boolean },
): Promise<UpdateReport> {
  const items: Record<string, unknown>[] = []
  let failed = false
  for (const group of groups) {
    const asks = options.dryRun === 'none' && !options.yes
    // Nobody is asked about what they cannot see, even if the answer goes to a program.
    if (session.forPeople) process.stdout.write(writesDiff(group, session.paint))
    else if (asks) process.stderr.write(writesDiff(group, session.paintNotes))
    if (asks && !(await confirm(question(session, group)))) {
      if (session.forPeople) session.note(`Nothing was written to ${group[0]?.application.metadata.name}.`)
      for (const image of group) {
        items.push({ ...checkedImageDocument(image), outcome: 'declined', error: null })
      }
      continue
    }
    const outcomes = await applyUpdates(session.engine, group, { ...options, asked: asks })
    for (const outcome of outcomes) {
      failed ||= outcome.state === 'failed'
      items.push(outcomeDocument(outcome))
      reportOutcome(session, outcome, options.dryRun)
    }
  }
  return { items, failed }
}

/** The question names what is changed and where, so that nobody answers for the wrong cluster. */
export function question(session: Session, group: readonly UpdatableImage[]): string {
  const name = group[0]?.application.metadata.name ?? ''
  return `Apply to ${name} in context ${session.target.context}, namespace ${group[0]?.application.metadata.namespace ?? ''}?`
}

/** Every write of one Application as a diff. */
export function writesDiff(group: readonly UpdatableImage[], paint: Paint): string {
  return group
    .flatMap(({ writes }) => writes)
    .map((write) => renderDiff(writeTitle(write), write.fields, paint))
    .join('')
}

function reportOutcome(session: Session, outcome: ApplyOutcome, dryRun: DryRun): void {
  if (outcome.state === 'failed')
    for (const line of outcomeLines(outcome, dryRun, session.paintNotes)) session.note(line)
  else if (session.forPeople) {
    for (const line of outcomeLines(outcome, dryRun, session.paint)) process.stdout.write(`${line}\n`)
  }
}

function outcomeDocument(outcome: ApplyOutcome): Record<string, unknown> {
  return {
    ...checkedImageDocument(outcome.image),
    outcome: outcome.state,
    error: outcome.state === 'failed' ? outcome.error.message : null,
  }
}
