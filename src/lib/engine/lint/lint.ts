import type { Application } from '../../application/application.ts'
import { MalformedFieldError } from '../../application/object-field.ts'
import { runningImages } from '../../application/running-images.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import type { RegistryAccess } from '../../registry/registry.ts'
import { isMatched } from '../../rules/image-updater/application-rules.ts'
import { isMechanical } from '../../rules/lint/annotation-fix.ts'
import { annotationSpelling } from '../../rules/lint/annotation-spelling.ts'
import {
  distinctFindings,
  findingOfProblem,
  type LintFinding,
  sortFindings,
} from '../../rules/lint/finding.ts'
import type { UpdateRule } from '../../rules/update-rule.ts'
import { concurrently } from '../concurrently.ts'
import type { ManagedImage, ManagedImages } from '../managed-image.ts'
import { controllerFindings, findControllers } from './controllers.ts'
import { ownerFindings, type ReadOwner, readOwnersFrom } from './owners.ts'
import { readRepository } from './repository.ts'
import { targetFindings } from './targets.ts'
import { presenceFindings, writeBackFindings } from './write-back.ts'

/** What of the world may be asked. */
export interface LintWorld {
  /** Absent for manifests on disk: then nobody else's objects are looked at. */
  readonly cluster?: ClusterClient
  /** The registries as a rule may ask them; absent: none is asked. */
  readonly registryFor?: (rule: UpdateRule) => RegistryAccess
  readonly now: Date
  readonly concurrency: number
  readonly onProgress?: (done: number, all: number) => void
}

/** A finding, and whether {@link fixAnnotations} would put it right. */
export interface LintedFinding extends LintFinding {
  readonly fixable: boolean
  /** The Application that carries the rule; undefined where an ImageUpdater does. */
  readonly application: Application | undefined
}

/** A finding before anybody asked whether it can be put right. */
export type OwnFinding = Omit<LintedFinding, 'fixable'>

/**
 * Checks the rules of Applications: what reading them told, how they are spelt, where they would write,
 * who else writes there, and what of the registries fits them.
 *
 * @returns the findings, the most severe first
 * @throws ClusterError when the cluster cannot be reached
 */
export async function lint(managed: ManagedImages, world: LintWorld): Promise<LintedFinding[]> {
  let done = 0
  const ofImages = await concurrently(managed.images, world.concurrency, async (image) => {
    const findings = of(image.application, await imageFindings(image, world))
    done += 1
    world.onProgress?.(done, managed.images.length)
    return findings
  })
  const findings = [
    ...managed.faulty.flatMap(({ application, error }) => of(application, [findingOfProblem(error.fault)])),
    ...managed.warnings.flatMap((warning) => of(warning.application, [findingOfProblem(warning)])),
    ...managed.applications.flatMap((application) => of(application, annotationSpelling(application))),
    ...ofImages.flat(),
    ...(await writerFindings(managed, world.cluster)),
  ]
  // Files may hold several Applications of one name: each has findings of its own.
  const each = Map.groupBy(findings, ({ application }) => application)
  return sortFindings([...each.values()].flatMap(distinctFindings)).map((finding) => {
    const { application } = finding
    return { ...finding, fixable: application !== undefined && isMechanical(finding, application) }
  })
}

function of(application: Application | undefined, findings: readonly LintFinding[]): OwnFinding[] {
  return findings.map((finding) => ({
    ...finding,
    application: finding.origin.kind === 'annotation' ? application : undefined,
  }))
}

async function imageFindings(image: ManagedImage, { registryFor, now }: LintWorld): Promise<LintFinding[]> {
  const { application, rule } = image
  const repository = registryFor && (await readRepository(registryFor(rule), rule, now, runningTag(image)))
  const findings = [
    ...(repository?.findings ?? []),
    ...unlessMalformed(application, () => [
      ...targetFindings(image),
      ...presenceFindings(image),
      ...writeBackFindings(image, repository?.candidates),
    ]),
  ]
  if (rule.origin.kind !== 'image-updater') return findings
  // One resource is about many Applications.
  return findings.map((finding) => ({
    ...finding,
    problem: `Application ${fullName(application)}: ${finding.problem}`,
  }))
}

/** '' where nothing tells it; a field of the wrong shape is told by others. */
function runningTag({ application, rule }: ManagedImage): string {
  try {
    const { declared, live } = runningImages(application, rule)
    return (declared.image ?? live[0])?.tag ?? ''
  } catch (error) {
    if (error instanceof MalformedFieldError) return ''
    throw error
  }
}

/** Who else writes the Applications that have rules. @throws ClusterError when the cluster cannot be reached */
export async function writerFindings(
  managed: ManagedImages,
  cluster: ClusterClient | undefined,
): Promise<OwnFinding[]> {
  const ruled = managed.applications.filter((application) =>
    managed.images.some((image) => image.application === application),
  )
  const readOwner: ReadOwner = cluster ? readOwnersFrom(cluster) : async () => undefined
  const namespaces = ruled.map(({ metadata }) => metadata.namespace ?? '')
  const controllers = cluster && ruled.length > 0 ? await findControllers(cluster, namespaces) : []
  const findings = await Promise.all(
    ruled.map(async (application) => {
      const rules = managed.images
        .filter((image) => image.application === application)
        .map(({ rule }) => rule)
      const matched = isMatched(application, managed.imageUpdaters ?? [])
      return of(application, [
        ...controllerFindings(application, controllers, matched),
        ...(await ownersUnlessMalformed(application, () => ownerFindings(application, rules, readOwner))),
      ])
    }),
  )
  return findings.flat()
}

function unlessMalformed(application: Application, find: () => LintFinding[]): LintFinding[] {
  try {
    return find()
  } catch (error) {
    return [malformed(application, error)]
  }
}

async function ownersUnlessMalformed(
  application: Application,
  find: () => Promise<LintFinding[]>,
): Promise<LintFinding[]> {
  try {
    return await find()
  } catch (error) {
    return [malformed(application, error)]
  }
}

function malformed(application: Application, error: unknown): LintFinding {
  if (!(error instanceof MalformedFieldError)) throw error
  return {
    severity: 'error',
    code: 'unreadable-field',
    origin: { kind: 'annotation', object: fullName(application) },
    alias: '',
    key: '',
    value: '',
    problem: error.message,
    remedy: error.remedy,
  }
}

/** As origins of rules name an Application. */
function fullName({ metadata }: Application): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name
}
