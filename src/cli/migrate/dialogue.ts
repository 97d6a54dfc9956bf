import { amount } from '../../lib/amount.ts'
import type { ClusterClient, DryRun } from '../../lib/cluster/client.ts'
import { loadMigration } from '../../lib/engine/load-migration.ts'
import { planAnnotations } from '../../lib/engine/migrate-to-annotations.ts'
import {
  applyResource,
  planResources,
  removalWrites,
  resourceWrite,
} from '../../lib/engine/migrate-to-resource.ts'
import { shellWord } from '../../lib/engine/shell-word.ts'
import { UserError } from '../../lib/errors.ts'
import type { Loss } from '../../lib/rules/migrate/carried-rules.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { annotateCommand, lossText } from '../../lib/terminal/migration.ts'
import { refuseWide, renderObjects } from '../../lib/terminal/objects.ts'
import { renderWrite } from '../../lib/terminal/write-diff.ts'
import { annotatedObject, annotationWrite } from '../../lib/writeback/annotation-write.ts'
import type { ObjectWrite } from '../../lib/writeback/write.ts'
import { IMAGE_UPDATER, imageUpdaterName, resourceName } from '../image-updater-name.ts'
import { type Session, warn } from '../session/session.ts'
import { objectName } from '../written-object.ts'
import { type MigrationStep, type MigrationSteps, writeMigration } from './writes.ts'

/** What was asked of `migrate`. */
export interface MigrateFlags {
  readonly name: string
  readonly apply: boolean
  readonly 'remove-annotations': boolean
  readonly 'allow-loss': boolean
  readonly yes: boolean
  readonly 'dry-run': DryRun
  readonly selector?: string | undefined
  readonly 'field-selector'?: string | undefined
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
}

/**
 * Annotations to ImageUpdaters: prints them, or writes them.
 *
 * @returns whether all went well
 */
export async function migrateToResources(
  session: Session,
  names: readonly string[],
  flags: MigrateFlags,
): Promise<boolean> {
  resourceName('--name', flags.name)
  refuseWide(session.format)
  const { material, found } = await load(session, names, flags)
  const plan = planResources(material.applications, material.imageUpdaters, flags.name)
  for (const note of plan.notes) warn(note)
  const whole = tellLosses(plan.losses, flags)
  const objects = plan.namespaces.map(({ object }) => object)
  if (objects.length === 0) session.remark('No rule annotations here to migrate; -A looks in all namespaces.')
  if (!flags.apply || !session.forPeople) {
    process.stdout.write(renderObjects(objects, session.format, imageUpdaterName))
  }
  if (!flags.apply) return found && whole
  refuseLoss(whole)
  const cluster = clusterOf(session)
  const dryRun = flags['dry-run']
  const groups = plan.namespaces.flatMap((migration): MigrationSteps[] => {
    const write = resourceWrite(migration)
    const steps: MigrationStep[] = []
    if (write) {
      const done = migration.existing ? 'configured' : 'created'
      steps.push({
        write,
        done,
        required: true,
        apply: () => applyResource(cluster, migration, write, dryRun),
      })
    } else session.remark(`${IMAGE_UPDATER}/${flags.name} unchanged: it says so already`)
    const removals = flags['remove-annotations'] ? removalWrites(migration) : []
    steps.push(...removals.map((removal) => annotationStep(session, removal, dryRun)))
    if (steps.length === 0) return []
    const objects = removals.length === 0 ? '' : ` and ${amount(removals.length, 'Application')}`
    const question = `Write to ${write ? `ImageUpdater ${flags.name}${objects}` : amount(removals.length, 'Application')} ${placeOf(session, migration.namespace)}?`
    return [{ question, steps }]
  })
  const complete = await writeMigration(session, groups, { dryRun, yes: flags.yes })
  if (groups.length > 0 && !flags['remove-annotations']) {
    session.footer(
      'The annotations stay, and are not read beside a resource; --remove-annotations takes them away.',
    )
  }
  return found && complete
}

/**
 * ImageUpdaters to the annotations of the Applications they match: prints commands, or writes them.
 *
 * @returns whether all went well
 */
export async function migrateToAnnotations(
  session: Session,
  names: readonly string[],
  flags: MigrateFlags,
): Promise<boolean> {
  refuseWide(session.format)
  const { material, found } = await load(session, names, flags)
  const plan = planAnnotations(material.applications, material.imageUpdaters)
  for (const note of plan.notes) warn(note)
  const whole = tellLosses(plan.losses, flags)
  if (plan.applications.length === 0) {
    session.remark('No ImageUpdater has the rules of an Application here; -A looks in all namespaces.')
  }
  if (!session.forPeople) {
    const objects = plan.applications.map(({ application, difference }) =>
      annotatedObject(application, difference),
    )
    process.stdout.write(renderObjects(objects, session.format, objectName))
  } else if (!flags.apply) {
    const changed = plan.applications.flatMap(({ application, difference }) => {
      const write = annotationWrite(application, difference)
      return write ? [{ application, difference, write }] : []
    })
    for (const { application, difference, write } of changed) {
      process.stdout.write(
        session.engine.cluster
          ? annotateCommand(application, difference, clusterWords(flags))
          : renderWrite(session.engine.applications, write, session.paint),
      )
    }
  }
  const resources = [...new Set(plan.applications.map(({ resource }) => resource))]
  if (flags.apply) refuseLoss(whole)
  const dryRun = flags['dry-run']
  const groups = plan.applications.flatMap(({ application, difference }): MigrationSteps[] => {
    const write = annotationWrite(application, difference)
    if (!write || !flags.apply) return []
    const question = `Write to ${application.metadata.name} ${session.engine.applications.whereIs(application)}?`
    return [{ question, steps: [annotationStep(session, write, dryRun)] }]
  })
  const complete = await writeMigration(session, groups, { dryRun, yes: flags.yes })
  for (const resource of resources) {
    session.footer(
      `As long as ImageUpdater ${resource} matches, it has the rules and the annotations are not read. Delete it once every Application that it matches has them.`,
    )
  }
  return found && complete && (whole || flags.apply)
}

async function load(session: Session, names: readonly string[], flags: MigrateFlags) {
  const material = await loadMigration(session.engine.applications, {
    fieldSelector: flags['field-selector'],
    names,
    selector: flags.selector,
  })
  for (const problem of material.problems) session.note(errorLine(problem))
  return { material, found: material.problems.length === 0 }
}

/** @returns whether nothing is lost, or what is may be */
function tellLosses(losses: readonly Loss[], flags: MigrateFlags): boolean {
  for (const loss of losses) warn(lossText(loss))
  return losses.length === 0 || flags['allow-loss']
}

function refuseLoss(whole: boolean): void {
  if (whole) return
  throw new UserError(
    'nothing was written, because some rules would not be the same',
    'Change them first, or add --allow-loss to go without what is listed above',
  )
}

function annotationStep(session: Session, write: ObjectWrite, dryRun: DryRun): MigrationStep {
  const apply = async () => (await session.engine.applications.write(write, { dryRun })).status
  return { write, done: 'annotated', required: false, apply }
}

/** Resources are created through an API server. */
function clusterOf({ engine: { cluster } }: Session): ClusterClient {
  if (cluster) return cluster
  throw new UserError(
    'with -f no new file is written, so --apply has nowhere to put a resource',
    'Leave --apply out, and send the output into a file beside the others',
  )
}

function placeOf(session: Session, namespace: string): string {
  return `in context ${session.target.context}, namespace ${namespace}`
}

function clusterWords({ kubeconfig, context }: MigrateFlags): string {
  return Object.entries({ kubeconfig, context })
    .map(([flag, value]) => (value ? ` --${flag} ${shellWord(value)}` : ''))
    .join('')
}
