import type { Application } from '../../lib/application/application.ts'
import type { DryRun } from '../../lib/cluster/client.ts'
import type { FilePlace } from '../../lib/engine/application-store.ts'
import type { LintedFinding } from '../../lib/engine/lint/lint.ts'
import type { ManagedImages } from '../../lib/engine/managed-image.ts'
import { UserError } from '../../lib/errors.ts'
import { type AnnotationFix, fixAnnotations } from '../../lib/rules/lint/annotation-fix.ts'
import { confirm } from '../../lib/terminal/confirm.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { dryRunSuffix, writeTitle } from '../../lib/terminal/outcomes.ts'
import { renderWrite } from '../../lib/terminal/write-diff.ts'
import { annotatedObject, annotationWrite } from '../../lib/writeback/annotation-write.ts'
import type { ObjectWrite } from '../../lib/writeback/write.ts'
import type { Session } from '../session/session.ts'
import { writeQuestion } from '../update/write-question.ts'

export interface FixOptions {
  readonly dryRun: DryRun
  readonly yes: boolean
}

/** What `--fix` did with one Application. */
export interface FixOutcome {
  readonly application: Application
  readonly fix: AnnotationFix
  readonly outcome: 'applied' | 'unchanged' | 'dry-run' | 'gone' | 'declined' | 'failed'
  /** The Application as it is now, or as it would be. */
  readonly after: Application
}

/** Shows what can be put right in each Application's annotations, asks unless told not to, and writes it. */
export async function fixApplications(
  session: Session,
  { applications }: ManagedImages,
  findings: readonly LintedFinding[],
  options: FixOptions,
): Promise<FixOutcome[]> {
  const outcomes: FixOutcome[] = []
  for (const application of applications) {
    const fixable = findings.some((finding) => finding.fixable && finding.application === application)
    const fix = fixable ? fixAnnotations(application) : undefined
    const write = fix && annotationWrite(application, fix)
    if (!fix || !write) continue
    const outcome = await fixOne(session, application, write, options)
    const written = outcome === 'applied' || outcome === 'dry-run'
    const after = written ? annotatedObject(application, fix) : application
    outcomes.push({ application, fix, outcome, after })
  }
  return outcomes
}

async function fixOne(
  session: Session,
  application: Application,
  write: ObjectWrite,
  { dryRun, yes }: FixOptions,
): Promise<FixOutcome['outcome']> {
  const obstacle = session.engine.applications.obstacleTo(write)
  if (obstacle !== '') {
    session.note(errorLine(new UserError(`${application.metadata.name}: ${obstacle}`, 'Correct it by hand')))
    return 'failed'
  }
  const asks = session.asks({ dryRun, yes })
  const diff = renderWrite(session.engine.applications, write, session.paint)
  // Nobody is asked about what they cannot see, even if the answer goes to a program.
  if (session.forPeople) session.out.write(diff)
  else if (asks) process.stderr.write(diff)
  if (asks && !(await confirm(writeQuestion(session, application)))) {
    session.note(`Nothing was written to ${application.metadata.name}.`)
    return 'declined'
  }
  try {
    const { status } = await session.engine.applications.write(write, { dryRun })
    if (session.forPeople) session.out.write(`${writeTitle(write)} ${outcomeText(status, dryRun)}\n`)
    return status
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    session.note(errorLine(error))
    return 'failed'
  }
}

function outcomeText(status: FixOutcome['outcome'], dryRun: DryRun): string {
  if (status === 'gone') return 'was deleted meanwhile'
  if (status === 'unchanged') return 'unchanged: it says so already'
  const suffix = dryRunSuffix(dryRun)
  return `annotated${suffix}`
}

/** One Application as the documented JSON item (docs/schema/image-updater-v1.json). */
export function fixDocument(
  { application, fix, outcome }: FixOutcome,
  file: FilePlace | undefined,
): Record<string, unknown> {
  const { name, namespace = '' } = application.metadata
  return { application: name, namespace, outcome, set: fix.set, remove: fix.remove, ...file }
}
