import type { Application } from '../application/application.ts'
import { type RecordedChange, readChangeRecord } from '../application/change-record.ts'
import { repositoryName } from '../image/reference.ts'
import { rfc3339 } from '../moment.ts'
import { type Deployment, deploymentsOf } from './deployments.ts'
import type { ManagedImage } from './managed-image.ts'

/** One change of one image, by Argo CD's history, by the record of this tool, or by both. */
export interface ImageChange {
  readonly application: Application
  /** Alias, or repository. */
  readonly image: string
  readonly at: Date
  /** `1.4.2`, `production@sha256:…`; '' where it is not known. */
  readonly from: string
  readonly to: string
  /** What the tag named then; '' where nobody noted it. */
  readonly digest: string
  readonly by: string
  readonly how: string
  readonly reason: string
  /** '' where Argo CD has not deployed it, or has forgotten that it did. */
  readonly commit: string
  /** Argo CD's number of the deployment. */
  readonly deployment: number | undefined
  /** The number in this tool's record. */
  readonly recorded: number | undefined
}

/** How far the clock of an operator may be ahead of the cluster's, milliseconds. */
const CLOCK_SKEW = 120_000

/**
 * The changes of one image, newest first. A recorded change and the deployment that brought it are one; what
 * was changed by others is known from the deployments alone.
 */
export function imageHistory({ application, rule }: ManagedImage): readonly ImageChange[] {
  const image = rule.alias || repositoryName(rule.image)
  const recorded = readChangeRecord(application).entries.filter((entry) => entry.image === image)
  const deployed = deployedChanges(deploymentsOf(application, rule))
  const merged = new Set<DeployedChange>()
  const changes = recorded.map((entry): ImageChange => {
    const match = deploymentFor(
      entry,
      deployed.filter((one) => !merged.has(one)),
    )
    if (match) merged.add(match)
    return {
      ...fromRecord(entry),
      application,
      commit: match?.deployment.commit ?? '',
      deployment: match?.deployment.id,
      image,
    }
  })
  for (const one of deployed) {
    if (!merged.has(one)) changes.push({ ...fromDeployment(one), application, image })
  }
  return newestFirst(changes)
}

/** Changes in the order of `history`. */
export function newestFirst(changes: readonly ImageChange[]): readonly ImageChange[] {
  return changes.toSorted((a, b) => b.at.getTime() - a.at.getTime() || numberOf(b) - numberOf(a))
}

/**
 * The deployment that brought a recorded change: the first one after it. Where the operator's clock is ahead
 * of the cluster's it seems to come before, so there the image that was replaced has to be the same too.
 */
function deploymentFor(
  { at, from, to }: RecordedChange,
  deployed: readonly DeployedChange[],
): DeployedChange | undefined {
  // Argo CD notes seconds.
  const moment = Math.floor(Date.parse(at) / 1000) * 1000
  const since = (earliest: number) => (one: DeployedChange) =>
    one.to === to && one.deployment.at.getTime() >= earliest
  const ahead = deployed.filter(since(moment - CLOCK_SKEW)).find((one) => one.from === from)
  return deployed.find(since(moment)) ?? ahead
}

/** By which `rollback --to` knows a change: Argo CD's number, else `r` and that of the record. */
export function changeNumber({ deployment, recorded }: ImageChange): string {
  return deployment === undefined ? `r${recorded}` : `${deployment}`
}

/** An image that ran before, and how it is known. */
export interface EarlierImage {
  /** As the spec had it, or as the record noted it. */
  readonly text: string
  /** What the tag named then; '' where nobody noted it. */
  readonly digest: string
  /** Whether the spec itself had the digest. */
  readonly pinned: boolean
  /** For people, after "is": `what change 7 brought (sync by bob, 2026-03-01T12:00:00Z)`. */
  readonly source: string
}

/**
 * The image that ran before the current one.
 *
 * @param current as {@link currentText} has it
 */
export function previousImage(changes: readonly ImageChange[], current: string): EarlierImage | undefined {
  return changes
    .flatMap((change) => [brought(change), replaced(change)])
    .find((earlier) => earlier.text !== '' && !isSame(earlier, current))
}

/**
 * The image that a change brought; of a deployment that changed something else, the image that it had.
 *
 * @param number as {@link changeNumber} gives it; `r3` finds a recorded change also once it is deployed
 */
export function numberedImage(
  { application, rule }: ManagedImage,
  changes: readonly ImageChange[],
  number: string,
): EarlierImage | undefined {
  const change = changes.find((one) => changeNumber(one) === number || `r${one.recorded}` === number)
  if (change) return brought(change)
  const deployment = deploymentsOf(application, rule).find(({ id }) => `${id}` === number)
  if (!deployment || deployment.image === '') return undefined
  const { at, id, image } = deployment
  return {
    digest: digestOf(image),
    pinned: image.includes('@'),
    source: `what deployment ${id} had (${rfc3339(at)})`,
    text: image,
  }
}

interface DeployedChange {
  readonly from: string
  readonly to: string
  readonly deployment: Deployment
}

/** A deployment whose spec named no image tells nothing: what ran then came from git. */
function deployedChanges(deployments: readonly Deployment[]): readonly DeployedChange[] {
  return deployments.flatMap((deployment, index) => {
    const from = deployments[index - 1]?.image ?? ''
    const to = deployment.image
    return to === '' || to === from ? [] : [{ deployment, from, to }]
  })
}

function fromRecord({ at, by, digest, from, how, number, reason, to }: RecordedChange) {
  return { at: new Date(at), by, digest, from, how, reason, recorded: number, to }
}

function fromDeployment({ deployment, from, to }: DeployedChange) {
  const { at, by, commit, id } = deployment
  return {
    at,
    by,
    commit,
    deployment: id,
    digest: digestOf(to),
    from,
    how: 'sync',
    reason: '',
    recorded: undefined,
    to,
  }
}

function brought(change: ImageChange): EarlierImage {
  const { digest, to } = change
  return {
    digest: digest || digestOf(to),
    pinned: to.includes('@'),
    source: `what change ${changeNumber(change)} brought (${storyOf(change)})`,
    text: to,
  }
}

function replaced(change: ImageChange): EarlierImage {
  const { from } = change
  const source = `what change ${changeNumber(change)} replaced (${storyOf(change)})`
  return { digest: digestOf(from), pinned: false, source, text: from }
}

function storyOf({ at, by, how }: ImageChange): string {
  return `${how}${by && ` by ${by}`}, ${rfc3339(at)}`
}

function digestOf(text: string): string {
  return text.includes('@') ? text.slice(text.indexOf('@') + 1) : ''
}

/** Of two that name the same tag, one without a digest is not known to be another image. */
function isSame({ digest, text }: EarlierImage, current: string): boolean {
  const [tag, currentTag] = [text, current].map((one) => one.split('@')[0])
  if (tag !== currentTag) return false
  const now = digestOf(current)
  return digest === '' || now === '' || digest === now
}

function numberOf({ deployment, recorded }: ImageChange): number {
  return recorded ?? deployment ?? 0
}
