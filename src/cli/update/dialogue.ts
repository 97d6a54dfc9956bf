import { amount } from '../../lib/amount.ts'
import type { DryRun } from '../../lib/cluster/client.ts'
import type { ApplyOutcome } from '../../lib/engine/apply-outcome.ts'
import type { Permissions } from '../../lib/engine/check.ts'
import type { CheckedImage, UpdatableImage } from '../../lib/engine/checked-image.ts'
import { gitPlaceText } from '../../lib/engine/git/git-place-text.ts'
import { planApplication } from '../../lib/engine/plan.ts'
import { recordOf } from '../../lib/engine/record.ts'
import type { WatchEvent } from '../../lib/engine/watch-event.ts'
import { UserError } from '../../lib/errors.ts'
import { imageName } from '../../lib/terminal/checked-images.ts'
import type { Paint } from '../../lib/terminal/colour.ts'
import { commitDocument } from '../../lib/terminal/commit-document.ts'
import { confirm } from '../../lib/terminal/confirm.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { outcomeDocument as followedDocument } from '../../lib/terminal/followed.ts'
import { outcomeLines } from '../../lib/terminal/outcomes.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { renderCommit } from '../../lib/terminal/unified-diff.ts'
import { renderWrite } from '../../lib/terminal/write-diff.ts'
import { type Session, warn } from '../session/session.ts'
import { type AfterWriteFlags, UpdateCourse } from './course.ts'
import { type Fates, followDialogue, NO_FATES } from './follow-dialogue.ts'

/** What `update` did, image by image. */
export interface UpdateReport {
  readonly items: readonly Record<string, unknown>[]
  readonly failed: boolean
}

export interface UpdateOptions extends AfterWriteFlags {
  /** Told of everything that others may be told of. */
  readonly tell: (event: WatchEvent) => void
  readonly dryRun: DryRun
  readonly yes: boolean
  readonly permissions: Permissions
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
  options: UpdateOptions,
): Promise<UpdateReport> {
  const items: Record<string, unknown>[] = []
  const course = new UpdateCourse(session, options, options.dryRun, 'update')
  const written: ApplyOutcome[] = []
  let failed = false
  for (const updates of groups) {
    const asks = session.asks(options)
    // A yes to everything beforehand is no yes to what the rule wants a person for.
    const group = options.yes ? updates.filter(({ decision }) => decision.approval === undefined) : updates
    for (const image of updates) {
      if (group.includes(image)) continue
      session.note(needsApproval(image))
      items.push(untouched(session, image, 'declined'))
    }
    if (group.length === 0) continue
    // Nobody is asked about what they cannot see, even if the answer goes to a program.
    for (const line of gateWarnings(group)) warn(line)
    if (session.forPeople || asks) {
      const [out, paint] = session.forPeople
        ? [session.out, session.paint]
        : [process.stderr, session.paintNotes]
      const diff = await diffOrError(session, group, paint)
      if (diff instanceof UserError) {
        // What cannot be shown is not written, and stops no other.
        failed = true
        for (const image of group) {
          const outcome: ApplyOutcome = { error: diff, image, state: 'failed' }
          reportOutcome(session, outcome, options.dryRun)
          items.push(outcomeDocument(session, outcome, NO_FATES))
        }
        continue
      }
      out.write(diff)
    }
    if (asks && !(await confirm(question(session, group)))) {
      if (session.forPeople) session.note(`Nothing was written to ${group[0]?.application.metadata.name}.`)
      for (const image of group) {
        items.push(untouched(session, image, 'declined'))
      }
      continue
    }
    const outcomes = await course.apply(group, {
      asked: asks,
      mayApply: ({ decision }) => decision.approval === undefined,
      permissions: options.permissions,
    })
    for (const outcome of outcomes) {
      failed ||= outcome.state === 'failed'
      reportOutcome(session, outcome, options.dryRun)
      const event = eventOf(outcome, session.engine.now(), options.dryRun)
      if (event) options.tell(event)
    }
    written.push(...outcomes)
  }
  const follows = options.wait !== undefined || course.undoes
  const fates = follows ? await followDialogue(session, course, written, options.tell) : NO_FATES
  for (const outcome of written) {
    const fate = fates.of(outcome)
    failed ||= fate !== undefined && fate.state !== 'healthy'
    items.push(outcomeDocument(session, outcome, fates))
  }
  return { items, failed }
}

/** The question names what is changed and where, so that nobody answers for the wrong cluster. */
export function question(session: Session, group: readonly UpdatableImage[]): string {
  const [image] = group
  if (!image) return 'Apply?'
  const { application, commit } = image
  const steps = group.flatMap(({ decision }) => decision.approval ?? [])
  const bigger = steps.length > 0 ? ` ${steps.join(', ')}.` : ''
  if (commit) {
    const what = group.length === 1 ? '' : `${amount(group.length, 'update')} `
    return `${bigger} Commit ${what}to ${gitPlaceText(commit, group.map(placeOf))}?`.trimStart()
  }
  return `${bigger} Apply to ${application.metadata.name} ${session.engine.applications.whereIs(application)}?`.trimStart()
}

const placeOf = ({ commit }: UpdatableImage) => commit

/** What a person has to know beside the diff: who may put back what is written, which gates are passed by. */
export function gateWarnings(group: readonly UpdatableImage[]): string[] {
  const warnings = group.flatMap(({ decision: { gates } }) =>
    gates.filter(({ verdict }) => verdict === 'warning').map(({ name, reason }) => `${name}: ${reason}`),
  )
  return [...new Set(warnings)].map(printable)
}

function needsApproval(image: UpdatableImage): string {
  const { decision } = image
  return printable(
    `${image.application.metadata.name} ${imageName(image)} not updated: needs approval: ${decision.approval}. Leave --yes out, or add --pass max-bump`,
  )
}

/**
 * Every write of one Application as a diff, or that of a whole commit.
 *
 * @throws UserError when a repository cannot be read
 */
export async function writesDiff(
  session: Session,
  group: readonly UpdatableImage[],
  paint: Paint,
): Promise<string> {
  const { applications, git, now } = session.engine
  const [first] = group
  if (first?.commit && git) {
    const commit = await withProgress('Asking the git repository', () => git.preview(group))
    const [failure] = commit.failures.values()
    if (failure && commit.diff === '') throw failure
    const title = `  ${printable(gitPlaceText(first.commit, group.map(placeOf)))}\n`
    return `${title}${commit.diff === '' ? '    nothing changes: git says so already\n' : renderCommit(commit, paint)}`
  }
  const author = session.author('update')
  return planApplication(group, author && ((image) => recordOf(image, author, now())))
    .map(({ write }) => renderWrite(applications, write, paint))
    .join('')
}

async function diffOrError(
  session: Session,
  group: readonly UpdatableImage[],
  paint: Paint,
): Promise<string | UserError> {
  try {
    return await writesDiff(session, group, paint)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

/** The outcome as a watch would tell it; undefined where nothing was written. */
function eventOf(outcome: ApplyOutcome, at: Date, dryRun: DryRun): WatchEvent | undefined {
  const { image } = outcome
  if (outcome.state === 'failed') return { at, error: outcome.error, image, type: 'apply-failed' }
  return outcome.state === 'applied' ? { at, dryRun: dryRun !== 'none', image, type: 'applied' } : undefined
}

function reportOutcome(session: Session, outcome: ApplyOutcome, dryRun: DryRun): void {
  if (outcome.state === 'failed')
    for (const line of outcomeLines(outcome, dryRun, session.paintNotes)) session.note(line)
  else if (session.forPeople) {
    for (const line of outcomeLines(outcome, dryRun, session.paint)) session.out.write(`${line}\n`)
  }
}

/** The item of an image to which nothing was written. */
export function untouched(
  session: Session,
  image: CheckedImage,
  outcome: 'declined' | 'none',
): Record<string, unknown> {
  return { ...session.documentOf(image), outcome, error: null, followed: null, rolledBack: false }
}

function outcomeDocument(session: Session, outcome: ApplyOutcome, fates: Fates): Record<string, unknown> {
  const fate = fates.of(outcome)
  const { image } = outcome
  const made = outcome.state === 'applied' ? outcome.commit : undefined
  return {
    followed: fate ? followedDocument(fate) : null,
    rolledBack: fates.isRolledBack(image),
    ...session.documentOf(image),
    ...(image.commit && made && { commit: commitDocument(image.commit, made) }),
    outcome: outcome.state,
    error: outcome.state === 'failed' ? outcome.error.message : null,
  }
}
