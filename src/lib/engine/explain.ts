import type { Application } from '../application/application.ts'
import { liveImages } from '../application/live-images.ts'
import { applicationOwners } from '../application/owners.ts'
import { UserError } from '../errors.ts'
import { nearestWord } from '../nearest.ts'
import { ruleKeys } from '../rules/rule-keys.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { WrittenText } from './application-store.ts'
import { type ArgoState, argoState } from './argo-state.ts'
import { checkImages } from './check.ts'
import type { CheckedImage } from './checked-image.ts'
import { type EngineContext, registryFor } from './context.ts'
import { digitsOnlyWarnings } from './digits-only.ts'
import { type ExplainedImage, explainedImages } from './explained-images.ts'
import type { ApplicationExplanation, ImageExplanation } from './explanation.ts'
import type { ManagedImages } from './managed-image.ts'
import { afterFault, type ConnectionWords, nextSteps, withoutRules } from './next-steps.ts'
import { type RunningStory, runningStory } from './running-story.ts'
import { tagStory } from './tag-story.ts'
import type { WorkloadView } from './workload-view.ts'

/** An image was named that no rule of the Application is about. */
export class UnknownImageError extends UserError {}

export interface ExplainOptions {
  /** The one image to explain; absent: all of the Application. */
  readonly image?: string | undefined
  readonly connection: ConnectionWords
}

/**
 * Everything that `check` finds out about the images of each Application, and why. The decisions are those
 * of `check`; only what nobody needs for deciding is asked for in addition: Pods, and the finalists' details.
 *
 * @throws UnknownImageError when no rule is about `options.image`
 */
export async function explainApplications(
  context: EngineContext,
  managed: ManagedImages,
  options: ExplainOptions,
): Promise<ApplicationExplanation[]> {
  const subjects = managed.applications.map((application) => ({
    application,
    images: explainedImages(application, managed),
  }))
  const chosen = options.image === undefined ? subjects : only(options.image, subjects)
  const explanations: ApplicationExplanation[] = []
  for (const { application, images } of chosen) {
    explanations.push(await explainApplication(context, managed, application, images, options.connection))
  }
  return explanations
}

interface Subject {
  readonly application: Application
  readonly images: readonly ExplainedImage[]
}

function only(wanted: string, subjects: readonly Subject[]): Subject[] {
  const found = subjects.flatMap(({ application, images }) => {
    const same = images.filter(({ names }) => names.includes(wanted))
    return same.length > 0 ? [{ application, images: same }] : []
  })
  if (found.length > 0 || subjects.length === 0) return found
  const names = subjects.flatMap(({ images }) => images.map(({ names: [name = ''] }) => name))
  const applications = subjects.map(({ application }) => `"${application.metadata.name}"`).join(' and ')
  const nearest = nearestWord(wanted, names)
  throw new UnknownImageError(
    `application ${applications} has no rule for an image "${wanted}"${names.length > 0 ? `, but for ${names.join(', ')}` : ''}`,
    nearest ? `Did you mean ${nearest}?` : 'Leave the image out to see the whole Application',
  )
}

async function explainApplication(
  context: EngineContext,
  managed: ManagedImages,
  application: Application,
  images: readonly ExplainedImage[],
  connection: ConnectionWords,
): Promise<ApplicationExplanation> {
  const warnings = managed.warnings.filter(
    ({ origin, severity, ...warning }) =>
      warning.application === application && origin.kind === 'annotation' && severity === 'warning',
  )
  const argo = argoState(application)
  const explained: ImageExplanation[] = []
  for (const image of images) {
    const own = warnings.filter(({ alias }) => alias !== '' && alias === image.alias)
    explained.push(await explainImage(context, application, image, own, argo, connection))
  }
  return {
    application,
    argo,
    file: context.applications.fileOf(application),
    images: explained,
    live: liveImages(application),
    next: images.length > 0 ? [] : withoutRules(application, connection),
    owners: applicationOwners(application),
    warnings: warnings.filter(({ alias }) => alias === ''),
  }
}

async function explainImage(
  context: EngineContext,
  application: Application,
  { alias, faults, managed, names: [name = ''] }: ExplainedImage,
  warnings: readonly RuleProblem[],
  argo: ArgoState,
  connection: ConnectionWords,
): Promise<ImageExplanation> {
  const before = requests(context)
  const origin = managed?.rule.origin ?? faults[0]?.fault.origin
  const annotations = origin?.kind === 'annotation' ? application.metadata.annotations : undefined
  const told = { faults, keys: ruleKeys(annotations ?? {}, alias), name }
  const [checked] = managed ? await checkImages(context, [managed]) : []
  if (!managed || !checked) {
    const next = afterFault(application, faults, connection)
    const nothing = { checked: undefined, requests: 0, running: undefined, tags: undefined, texts: [] }
    return { ...told, ...nothing, next, warnings }
  }
  const file = context.applications.fileOf(application)
  const story = runningOrNothing(managed, await workloadsOf(context, application))
  // Files do not tell what runs, so that nothing is seen to run has no reason to be looked for.
  const running = file && story ? { ...story, absence: [] } : story
  const tags =
    checked.state === 'decided'
      ? await tagStory(registryFor(context, checked.rule), checked.rule, checked.scan)
      : undefined
  return {
    ...told,
    checked,
    next:
      faults.length > 0
        ? afterFault(application, faults, connection)
        : nextSteps(checked, file ?? argo, connection),
    requests: requests(context) - before,
    running,
    tags,
    texts: textsOf(context, checked),
    warnings: [...warnings, ...digitsOnlyWarnings([checked])],
  }
}

function textsOf({ applications }: EngineContext, checked: CheckedImage): WrittenText[] {
  if (checked.state !== 'decided' || checked.decision.kind !== 'update') return []
  return checked.writes.flatMap((write) => applications.textOf(write) ?? [])
}

/** A malformed Application is told by the check already. */
function runningOrNothing(
  { application, rule }: NonNullable<ExplainedImage['managed']>,
  view: WorkloadView,
): RunningStory | undefined {
  try {
    return runningStory(application, rule, view)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

async function workloadsOf(context: EngineContext, application: Application): Promise<WorkloadView> {
  try {
    return await context.workloadsOf(application)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { client: undefined, pods: [], problem: error.message, workloads: [] }
  }
}

function requests({ registry }: EngineContext): number {
  return [...registry.requests.values()].reduce((sum, count) => sum + count, 0)
}
