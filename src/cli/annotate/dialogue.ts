import type { Application } from '../../lib/application/application.ts'
import type { DryRun } from '../../lib/cluster/client.ts'
import { UserError } from '../../lib/errors.ts'
import { canAsk } from '../../lib/terminal/confirm.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import type { Session } from '../session/session.ts'
import { annotateApplications } from './applications.ts'
import { answersFromFlags, MissingAnswerError, type RuleFlagValues } from './flags.ts'
import { annotateImageUpdater } from './image-updater.ts'
import { type AskedRule, askApplication, askRule } from './questions.ts'

interface AnnotateFlags extends RuleFlagValues {
  readonly 'image-updater'?: string | undefined
  readonly selector?: string | undefined
  readonly 'field-selector'?: string | undefined
  readonly yes: boolean
  readonly 'dry-run': DryRun
}

/**
 * Finds out the rule (by flags or questions), shows what it would do, and writes it.
 *
 * @returns whether all went well
 */
export async function annotateDialogue(
  session: Session,
  names: readonly string[],
  flags: AnnotateFlags,
): Promise<boolean> {
  const { applications, found } = await chooseApplications(session, names, flags)
  const { answers, tagsKnown } = await findAnswers(session, applications, flags)
  const options = { dryRun: flags['dry-run'], preview: tagsKnown, yes: flags.yes }
  const resource = flags['image-updater']
  const complete =
    resource === undefined
      ? await annotateApplications(session, applications, answers, options)
      : await annotateImageUpdater(session, applications, answers, { ...options, name: resource })
  return complete && found
}

interface Chosen {
  readonly applications: readonly [Application, ...Application[]]
  /** Whether all that were named are there. */
  readonly found: boolean
}

/** The one that is named or can only be meant, else those that are selected, else the one that is picked. */
async function chooseApplications(
  session: Session,
  names: readonly string[],
  flags: AnnotateFlags,
): Promise<Chosen> {
  const [name] = names
  const selector = flags.selector
  const fieldSelector = flags['field-selector']
  if (names.length > 1 || selector || fieldSelector) {
    const { objects, problems } = await session.engine.applications.list({ fieldSelector, names, selector })
    for (const { problem, remedy } of problems) session.note(errorLine(new UserError(problem, remedy)))
    const [first, ...others] = objects
    if (first) return { applications: [first, ...others], found: problems.length === 0 }
    throw new UserError(
      'no Application is left to annotate',
      `Look with: list --all${selector ? ` -l ${selector}` : ''}`,
    )
  }
  const found = await session.engine.applications.find(name)
  if (found) return { applications: [found], found: true }
  if (!canAsk()) {
    throw new MissingAnswerError(
      'there is no terminal to ask on, and no Application is named',
      'Write: annotate APPLICATION --image ALIAS=IMAGE --yes',
    )
  }
  const { applications } = await session.load([])
  return { applications: [await askApplication(applications)], found: true }
}

async function findAnswers(
  session: Session,
  applications: Chosen['applications'],
  flags: AnnotateFlags,
): Promise<AskedRule> {
  if (flags.image) return { answers: answersFromFlags(flags.image, flags), tagsKnown: true }
  if (!canAsk()) {
    throw new MissingAnswerError(
      'there is no terminal to ask on, and --image is not given',
      'Add --image ALIAS=IMAGE',
    )
  }
  const form = flags['image-updater'] === undefined ? 'annotations' : 'image-updater'
  return askRule(applications, session.engine.registry, form)
}
