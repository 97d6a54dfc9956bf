import { amount } from '../../lib/amount.ts'
import type { Application } from '../../lib/application/application.ts'
import type { DryRun } from '../../lib/cluster/client.ts'
import { type AnnotationPlan, planAnnotation } from '../../lib/engine/annotate-application.ts'
import { UserError } from '../../lib/errors.ts'
import type { RuleAnswers } from '../../lib/rules/rule-answers.ts'
import { confirm } from '../../lib/terminal/confirm.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { renderObjects } from '../../lib/terminal/objects.ts'
import { dryRunSuffix } from '../../lib/terminal/outcomes.ts'
import { problemTexts } from '../../lib/terminal/rule-problems.ts'
import { renderWrite } from '../../lib/terminal/write-diff.ts'
import { type Session, warn } from '../session/session.ts'
import { writeQuestion } from '../update/write-question.ts'
import { objectName } from '../written-object.ts'
import { previewLine } from './preview.ts'

/** How a rule is written, whatever it says. */
export interface WritingOptions {
  readonly dryRun: DryRun
  readonly yes: boolean
  /** Whether the registry is asked once more, to say what the rule chooses. */
  readonly preview: boolean
}

/**
 * Writes the rule as annotations of one Application or several: shows each diff, asks once, and goes on
 * where one fails.
 *
 * @returns whether every Application has the rule, or would have without a dry run or a no
 * @throws UserError for a single Application that cannot have it
 */
export async function annotateApplications(
  session: Session,
  applications: readonly Application[],
  answers: RuleAnswers,
  options: WritingOptions,
): Promise<boolean> {
  const many = applications.length > 1
  const { objects } = await session.engine.applications.imageUpdaters(namespacesOf(applications))
  const plans: AnnotationPlan[] = []
  let failed = 0
  for (const application of applications) {
    try {
      plans.push(planAnnotation(session.engine.applications, application, answers, objects))
    } catch (error) {
      failed += tell(session, application, error, many)
    }
  }
  for (const warning of problemTexts(plans.flatMap(({ warnings }) => warnings))) warn(warning)
  const unchanged = plans.filter(({ write }) => write === undefined)
  const objectsShown: Application[] = []
  for (const { application } of unchanged) {
    say(session, `${objectName(application)} unchanged: it says so already`)
    objectsShown.push(application)
  }
  const changes = plans.filter(({ write }) => write !== undefined)
  const asks = session.asks(options) && changes.length > 0
  if (session.forPeople || asks) await showDiffs(session, changes, options)
  let written = 0
  if (asks && !(await confirm(question(session, changes)))) session.note('Nothing was written.')
  else {
    for (const { application, annotated, write } of changes) {
      if (!write) continue
      try {
        const outcome = await session.engine.applications.write(write, options)
        if (outcome.status === 'gone') throw new UserError(`${objectName(application)} was deleted meanwhile`)
        objectsShown.push((outcome.object as Application | undefined) ?? annotated)
        say(session, `${objectName(application)} annotated${dryRunSuffix(options.dryRun)}`)
        written += 1
      } catch (error) {
        failed += tell(session, application, error, many)
      }
    }
    printObjects(session, objectsShown)
    if (many) session.footer(summary(written, unchanged.length, failed, options.dryRun))
  }
  return failed === 0
}

async function showDiffs(
  session: Session,
  plans: readonly AnnotationPlan[],
  { preview }: WritingOptions,
): Promise<void> {
  const [out, paint] = session.forPeople ? [session.out, session.paint] : [process.stderr, session.paintNotes]
  let told = ''
  for (const { rule, write } of plans) {
    const line = rule && preview ? await previewLine(session, rule) : ''
    // The same rule chooses the same everywhere, unless an Application has settings of its own.
    if (line !== '' && line !== told) session.note(line)
    told = line
    if (write) out.write(renderWrite(session.engine.applications, write, paint))
  }
}

function question(session: Session, plans: readonly AnnotationPlan[]): string {
  const { applications } = session.engine
  const [first] = plans
  if (!first) return ''
  if (plans.length === 1) return writeQuestion(session, first.application)
  const places = [...new Set(plans.map(({ application }) => applications.whereIs(application)))]
  const { context } = applications.target
  const elsewhere = context ? `in context ${context}, several namespaces` : 'in these files'
  const place = places.length === 1 ? places[0] : elsewhere
  return `Write to these ${amount(plans.length, 'Application')} ${place}?`
}

/** @returns the number of failures that this is */
function tell(session: Session, { metadata }: Application, error: unknown, many: boolean): number {
  if (!many || !(error instanceof UserError)) throw error
  session.note(errorLine(new UserError(`${metadata.name}: ${error.message}`, error.remedy)))
  return 1
}

function say(session: Session, message: string): void {
  if (session.forPeople) session.out.write(`${printable(message)}\n`)
}

/** For programs: the Application as it is now or would be, a List of several. */
function printObjects(session: Session, objects: readonly Application[]): void {
  if (!session.forPeople) process.stdout.write(renderObjects(objects, session.format, objectName))
}

function summary(written: number, unchanged: number, failed: number, dryRun: DryRun): string {
  const parts = [
    `${amount(written, 'Application')} annotated${dryRunSuffix(dryRun)}`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  return `${parts.join(', ')}.`
}

function namespacesOf(applications: readonly Application[]): string[] {
  return [...new Set(applications.map(({ metadata }) => metadata.namespace ?? ''))]
}
