import type { Application } from '../../lib/application/application.ts'
import type { KubernetesObject } from '../../lib/application/kubernetes-object.ts'
import type { DryRun } from '../../lib/cluster/client.ts'
import { controlSubjects } from '../../lib/engine/control-subjects.ts'
import type { ManagedImages } from '../../lib/engine/managed-image.ts'
import { UserError } from '../../lib/errors.ts'
import type { ControlSubject } from '../../lib/rules/control-annotations.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { dryRunSuffix } from '../../lib/terminal/outcomes.ts'
import { renderWrite } from '../../lib/terminal/write-diff.ts'
import type { ObjectWrite } from '../../lib/writeback/write.ts'
import type { Session } from '../session/session.ts'
import { objectAfter, objectName, showObjects, tellWritten } from '../written-object.ts'

/** What is to be held, released or skipped, as the command line names it. */
export interface ControlTarget {
  /** APPLICATION, then aliases; empty with a selector. */
  readonly words: readonly string[]
  readonly selector: string | undefined
  readonly dryRun: DryRun
}

/** What is changed of one Application, and how it is told: `held until …`. */
export interface ControlStep {
  readonly write: ObjectWrite | undefined
  readonly done: string
  /** Where there is nothing to write: `held already`. */
  readonly already: string
}

/** What is meant cannot be told. */
export class ControlTargetError extends UserError {}

/**
 * Changes the controls of one named Application, or of all that a selector finds, one after the other. Nobody
 * is asked: nothing runs otherwise for it, and the opposite command takes it back.
 *
 * @returns whether all of it could be done
 */
export async function changeControls(
  session: Session,
  { words, selector, dryRun }: ControlTarget,
  step: (application: Application, subjects: readonly ControlSubject[]) => ControlStep,
): Promise<boolean> {
  const [name, ...aliases] = words
  if (name === undefined && !selector) {
    throw new ControlTargetError('no Application is named', 'Write its name, or select some with -l')
  }
  if (name !== undefined && selector) {
    throw new ControlTargetError('a name and a selector are given', 'Write the name, or -l')
  }
  const managed = await session.load(name === undefined ? [] : [name])
  const applications = name === undefined ? ruledOnes(managed) : managed.applications
  if (applications.length === 0 && session.problems.length === 0) {
    throw new ControlTargetError(
      `no Application with update rules matches ${selector}`,
      'kubectl image-updater list shows them',
    )
  }
  let failed = session.problems.length > 0
  const objects: KubernetesObject[] = []
  for (const application of applications) {
    try {
      const subjects = controlSubjects(application, managed, aliases)
      objects.push(await writeStep(session, application, subjects, step(application, subjects), dryRun))
    } catch (error) {
      if (!(error instanceof UserError) || name !== undefined) throw error
      session.note(errorLine(error))
      failed = true
    }
  }
  showObjects(session, objects)
  return !failed
}

/**
 * Writes one step and tells what became of it; with a dry run also how it looks.
 *
 * @returns the object as it is now, or would be, which is still to be shown
 */
export async function writeStep(
  session: Session,
  application: Application,
  subjects: readonly ControlSubject[],
  { write, done, already }: ControlStep,
  dryRun: DryRun,
): Promise<KubernetesObject> {
  const { applications } = session.engine
  const named = subjects.filter((subject) => subject !== '')
  const images = named.length === 0 ? '' : ` image ${named.join(', ')}`
  const subject = `${objectName(application)}${images}`
  const where = applications.whereIs(application)
  if (!write) {
    tellWritten(session, `${subject} ${already} (${where})`)
    return application
  }
  if (session.forPeople && dryRun !== 'none')
    session.out.write(renderWrite(applications, write, session.paint))
  const outcome = await applications.write(write, { dryRun })
  if (outcome.status === 'gone') throw new UserError(`${objectName(application)} was deleted meanwhile`)
  tellWritten(session, `${subject} ${done} (${where})${dryRunSuffix(dryRun)}`)
  return objectAfter(write, outcome)
}

function ruledOnes({ applications, images, faulty }: ManagedImages): readonly Application[] {
  const ruled = new Set([...images, ...faulty].map(({ application }) => application))
  return applications.filter((application) => ruled.has(application))
}
