import { amount } from '../../lib/amount.ts'
import type { Application } from '../../lib/application/application.ts'
import { annotateResource } from '../../lib/engine/annotate-resource.ts'
import { targetProblems } from '../../lib/engine/annotated-targets.ts'
import { loadWritableImageUpdaters } from '../../lib/engine/load-migration.ts'
import {
  applyResource,
  type NamespaceMigration,
  resourceWrite,
} from '../../lib/engine/migrate-to-resource.ts'
import { UserError } from '../../lib/errors.ts'
import type { RuleAnswers } from '../../lib/rules/rule-answers.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { renderObjects } from '../../lib/terminal/objects.ts'
import { problemTexts } from '../../lib/terminal/rule-problems.ts'
import { IMAGE_UPDATER, imageUpdaterName, resourceName } from '../image-updater-name.ts'
import { type MigrationSteps, writeMigration } from '../migrate/writes.ts'
import { type Session, warn } from '../session/session.ts'
import type { WritingOptions } from './applications.ts'
import { previewLine } from './preview.ts'

/**
 * Writes the rule into an ImageUpdater of the Applications' namespace, which is created where there is none.
 * `-o yaml` prints it as it would be.
 *
 * @returns whether every Application has the rule, or would have without a dry run or a no
 * @throws UserError for a single Application that cannot have it, and where no resource can be written
 */
export async function annotateImageUpdater(
  session: Session,
  applications: readonly Application[],
  answers: RuleAnswers,
  options: WritingOptions & { readonly name: string },
): Promise<boolean> {
  const name = resourceName('--image-updater', options.name)
  const { cluster } = session.engine
  if (!cluster && (session.forPeople || options.dryRun !== 'client')) {
    throw new UserError(
      'with -f no new file is written, so --image-updater has nowhere to put a resource',
      'Add --dry-run=client -o yaml, and send the output into a file beside the others',
    )
  }
  const existing = await loadWritableImageUpdaters(session.engine.applications, applications)
  const plan = annotateResource(applications, existing, name, answers)
  const [refusal] = plan.refusals
  if (refusal && applications.length === 1) throw refusal
  for (const each of plan.refusals) session.note(errorLine(each))
  const doubts = plan.rules.flatMap(({ application, rule, warnings }) => [
    ...warnings,
    ...targetProblems(application, rule),
  ])
  for (const warning of problemTexts(doubts)) warn(warning)
  const [first] = plan.rules
  if (first && options.preview && session.forPeople) session.note(await previewLine(session, first.rule))
  if (!session.forPeople) {
    const objects = plan.namespaces.map(({ object }) => object)
    process.stdout.write(renderObjects(objects, session.format, imageUpdaterName))
  }
  if (!cluster) return plan.refusals.length === 0
  const groups = plan.namespaces.flatMap((migration): MigrationSteps[] => {
    const write = resourceWrite(migration)
    if (!write) {
      session.remark(`${IMAGE_UPDATER}/${name} unchanged: it says so already`)
      return []
    }
    const done = migration.existing ? 'configured' : 'created'
    const apply = () => applyResource(cluster, migration, write, options.dryRun)
    return [{ question: question(session, migration), steps: [{ write, done, required: true, apply }] }]
  })
  const complete = await writeMigration(session, groups, options)
  return complete && plan.refusals.length === 0
}

function question(session: Session, { applications, namespace, object }: NamespaceMigration): string {
  const [only] = applications
  const whom =
    only && applications.length === 1 ? only.metadata.name : amount(applications.length, 'Application')
  return `Write the rule for ${whom} to ImageUpdater ${object.metadata.name} in context ${session.target.context}, namespace ${namespace}?`
}
