import type { Application } from '../lib/application/application.ts'
import type { DryRun } from '../lib/cluster/client.ts'
import { registryFor } from '../lib/engine/context.ts'
import { scan } from '../lib/engine/scan.ts'
import { UserError } from '../lib/errors.ts'
import { splitImageListEntry } from '../lib/image/image-list-entry.ts'
import { repositoryName } from '../lib/image/reference.ts'
import { readAnnotationRules } from '../lib/rules/annotations.ts'
import { type AnnotationChange, type RuleAnswers, writeAnnotations } from '../lib/rules/write-annotations.ts'
import { canAsk, confirm } from '../lib/terminal/confirm.ts'
import { printable } from '../lib/terminal/escape.ts'
import { dryRunSuffix } from '../lib/terminal/outcomes.ts'
import { problemTexts } from '../lib/terminal/rule-problems.ts'
import { renderWrite } from '../lib/terminal/write-diff.ts'
import { annotatedObject, annotationWrite } from '../lib/writeback/annotation-write.ts'
import { askApplication, askRule } from './annotate-questions.ts'
import { type Session, warn } from './session.ts'
import { objectName, showWritten } from './written-object.ts'

interface AnnotateFlags {
  readonly image?: string | undefined
  readonly strategy?: string | undefined
  readonly constraint?: string | undefined
  readonly 'tag-filter'?: string | undefined
  readonly 'allow-tags'?: string | undefined
  readonly 'ignore-tags'?: string | undefined
  readonly 'tag-pattern'?: string | undefined
  readonly platforms?: string | undefined
  readonly 'poll-interval'?: string | undefined
  readonly 'write-back'?: string | undefined
  readonly 'pin-digest'?: boolean | undefined
  readonly 'force-update'?: boolean | undefined
  readonly yes: boolean
  readonly 'dry-run': DryRun
}

/** What `annotate` was not told, and cannot ask for. */
export class MissingAnswerError extends UserError {}

/** Finds out the rule (by flags or questions), shows what it would do, and writes it. */
export async function annotateDialogue(
  session: Session,
  name: string | undefined,
  flags: AnnotateFlags,
): Promise<void> {
  const application = await chooseApplication(session, name)
  const answers = flags.image ? answersFromFlags(flags.image, flags) : await askAnswers(session, application)
  const change = writeAnnotations(application, answers)
  for (const warning of problemTexts(change.warnings)) warn(warning)
  const write = annotationWrite(application, change)
  if (!write) {
    showWritten(session, application, `${objectName(application)} unchanged: it says so already`)
    return
  }
  const dryRun = flags['dry-run']
  const asks = session.asks({ dryRun, yes: flags.yes })
  if (session.forPeople || asks) {
    session.note(await preview(session, application, change, answers.alias))
    const [out, paint] = session.forPeople
      ? [session.out, session.paint]
      : [process.stderr, session.paintNotes]
    out.write(renderWrite(session.engine.applications, write, paint))
  }
  if (asks && !(await confirm(writeQuestion(session, application)))) {
    session.note('Nothing was written.')
    return
  }
  const outcome = await session.engine.applications.write(write, { dryRun })
  if (outcome.status === 'gone') throw new UserError(`${objectName(application)} was deleted meanwhile`)
  const suffix = dryRunSuffix(dryRun)
  showWritten(
    session,
    outcome.object ?? annotatedObject(application, change),
    `${objectName(application)} annotated${suffix}`,
  )
}

/** The question names what is written and where, so that nobody answers for the wrong cluster. */
export function writeQuestion(session: Session, application: Application): string {
  return `Write to ${application.metadata.name} ${session.engine.applications.whereIs(application)}?`
}

async function chooseApplication(session: Session, name: string | undefined): Promise<Application> {
  const found = await session.engine.applications.find(name)
  if (found) return found
  if (!canAsk()) {
    throw new MissingAnswerError(
      'there is no terminal to ask on, and no Application is named',
      'Write: annotate APPLICATION --image ALIAS=IMAGE --yes',
    )
  }
  const { applications } = await session.load([])
  return askApplication(applications)
}

function answersFromFlags(image: string, flags: AnnotateFlags): RuleAnswers {
  const { alias, reference } = splitImageListEntry(image)
  if (alias === '') {
    throw new MissingAnswerError(
      `--image "${image}" names no alias`,
      'Write --image ALIAS=IMAGE, for example web=ghcr.io/org/web',
    )
  }
  return {
    alias,
    image: reference,
    ...(flags.constraint !== undefined && { constraint: flags.constraint }),
    ...(flags.strategy !== undefined && { strategy: flags.strategy }),
    ...(flags['tag-filter'] !== undefined && { tagFilter: flags['tag-filter'] }),
    ...(flags['allow-tags'] !== undefined && { allowTags: flags['allow-tags'] }),
    ...(flags['ignore-tags'] !== undefined && { ignoreTags: list(flags['ignore-tags']) }),
    ...(flags['tag-pattern'] !== undefined && { tagPattern: flags['tag-pattern'] }),
    ...(flags.platforms !== undefined && { platforms: list(flags.platforms) }),
    ...(flags['poll-interval'] !== undefined && { pollInterval: flags['poll-interval'] }),
    ...(flags['write-back'] !== undefined && { writeBack: flags['write-back'] }),
    ...(flags['pin-digest'] !== undefined && { pinDigest: flags['pin-digest'] }),
    ...(flags['force-update'] !== undefined && { forceUpdate: flags['force-update'] }),
  }
}

async function askAnswers(session: Session, application: Application): Promise<RuleAnswers> {
  if (!canAsk()) {
    throw new MissingAnswerError(
      'there is no terminal to ask on, and --image is not given',
      'Add --image ALIAS=IMAGE',
    )
  }
  return askRule(application, session.engine.registry)
}

/** What the rule, once written, would choose right now: one line. */
async function preview(
  session: Session,
  application: Application,
  change: AnnotationChange,
  alias: string,
): Promise<string> {
  const { rules } = readAnnotationRules(annotatedObject(application, change))
  const rule = rules.find((candidate) => candidate.alias === alias)
  if (!rule) return ''
  try {
    const { winner, listed, verdicts } = await scan(
      registryFor(session.engine, rule),
      rule,
      session.engine.now(),
    )
    const left = verdicts.filter(({ outcome }) => outcome !== 'dropped').length
    const chosen = winner ? `chooses ${winner.tag}` : 'chooses nothing'
    return printable(
      `Right now this rule ${chosen}: ${listed} tags in ${repositoryName(rule.image)}, ${left} left by the rule.`,
    )
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return printable(`What the rule would choose cannot be told: ${error.message}`)
  }
}

function list(text: string): string[] {
  return text === '' ? [] : text.split(',').map((entry) => entry.trim())
}
