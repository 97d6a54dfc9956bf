import { amount } from '../amount.ts'
import { podImages } from '../application/pod-images.ts'
import { type RunningImages, runningImages } from '../application/running-images.ts'
import { UserError } from '../errors.ts'
import { repositoryName } from '../image/reference.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import type { CheckedImage, DecidedImage } from './checked-image.ts'
import { concurrently } from './concurrently.ts'
import { type EngineContext, registryFor } from './context.ts'
import { type Decision, decideProposal, followsDigest, propose, type Winner } from './decide.ts'
import type { GateName, Place } from './gate.ts'
import { gateFacts } from './gate-facts.ts'
import type { ManagedImage } from './managed-image.ts'
import { planImage } from './plan.ts'
import { declaredOrLive, type RunningImage, type RunningPods } from './running-image.ts'
import { type Scan, scan } from './scan.ts'

export interface CheckOptions extends Permissions {
  /** Digests by image key that an earlier cycle of the same watch saw first. */
  readonly firstSeen?: ReadonlyMap<string, string>
  readonly onProgress?: (done: number, all: number) => void
}

/** What a person allows this time, whatever the rules say. */
export interface Permissions {
  /** Gates to pass by. */
  readonly passedGates?: ReadonlySet<GateName>
  /** Lower versions may be taken. */
  readonly allowDowngrade?: boolean
}

/**
 * Polls images and decides: scan → observe → decide → plan. An error of one image becomes its row and
 * stops no other.
 *
 * @returns one row an image, in the order of `images`
 */
export async function checkImages(
  context: EngineContext,
  images: readonly ManagedImage[],
  options: CheckOptions = {},
): Promise<CheckedImage[]> {
  let done = 0
  const rows = await concurrently(images, context.concurrency, async (image) => {
    const firstSeen = options.firstSeen?.get(image.key) ?? ''
    const asked = options.allowDowngrade ? { ...image, rule: { ...image.rule, allowDowngrade: true } } : image
    const row = await checkImage(context, asked, firstSeen, options.passedGates ?? NONE)
    done += 1
    options.onProgress?.(done, images.length)
    return row
  })
  await context.sightings.save()
  return rows
}

const NONE: ReadonlySet<GateName> = new Set()

async function checkImage(
  context: EngineContext,
  image: ManagedImage,
  firstSeenDigest: string,
  passed: ReadonlySet<GateName>,
): Promise<CheckedImage> {
  const { application, rule } = image
  const subject = { alias: rule.alias, application, image: repositoryName(rule.image), key: image.key, rule }
  try {
    const images = runningImages(application, rule)
    const found = await scan(registryFor(context, rule), rule, context.now(), {
      dates: context.dates,
      key: image.key,
      running: declaredOrLive(images)?.tag ?? '',
      sightings: context.sightings,
    })
    const observed = await observe(context, image, images, found, firstSeenDigest)
    const decision = await judge(context, image, observed, found, passed)
    const row: DecidedImage = {
      ...subject,
      decision,
      running: observed.running,
      scan: found,
      state: 'decided',
      writes: [],
    }
    if (decision.kind !== 'update') return row
    if (decision.place === 'git') {
      const { gitPlace } = await import('./git/git-place.ts')
      return { ...row, commit: gitPlace(application, rule, context.git?.wishes) }
    }
    return refuseUnwritable(
      context,
      planImage(row, await planningView(context, image, decision), context.now()),
    )
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...subject, error, state: 'failed' }
  }
}

/** A file that cannot be edited is told before somebody is asked to say yes. */
function refuseUnwritable({ applications }: EngineContext, row: CheckedImage): CheckedImage {
  if (row.state !== 'decided' || row.decision.kind !== 'update' || row.decision.place !== 'spec') return row
  const reason = row.writes.map((write) => applications.obstacleTo(write)).find((text) => text !== '')
  if (reason === undefined) return row
  const { gates, target } = row.decision
  const file = { name: 'file', reason, verdict: 'stop' } as const
  return { ...row, decision: { gates: [...gates, file], kind: 'blocked', reason, target }, writes: [] }
}

async function judge(
  context: EngineContext,
  image: ManagedImage,
  { running, winner }: Observed,
  found: Scan,
  passed: ReadonlySet<GateName>,
): Promise<Decision> {
  if (!winner) return { kind: 'no-candidate', reason: emptyHandReason(found) }
  const proposed = propose(image.rule, running, winner, placeOf(image.rule, running.images))
  if ('kind' in proposed) return proposed
  const waits = proposed.place === 'git' ? (context.git?.waitsForSync(image.key, proposed.target) ?? '') : ''
  if (waits !== '') return { kind: 'rolling', reason: waits }
  const facts = await gateFacts(context, image, { age: found.age, passed, winner })
  return decideProposal(proposed, image.rule, running, facts)
}

/** A source whose images no field of the Application overrides leaves only the workloads themselves. */
function placeOf({ writeBack }: UpdateRule, { source }: RunningImages): Place {
  if (writeBack.method === 'git') return 'git'
  return source.overrideType === 'Unsupported' ? 'workloads' : 'spec'
}

function emptyHandReason(found: Scan): string {
  if (found.listed === 0) return 'the repository has no tags'
  // Where anything else was dropped, a signature tells a person nothing.
  const example =
    found.verdicts.find((verdict) => verdict.outcome !== 'dropped' || verdict.stage !== 'artifact') ??
    found.verdicts[0]
  return `none of ${amount(found.listed, 'tag')} fits the rule${example ? ` (${example.tag}: ${example.reason})` : ''}`
}

async function planningView(
  context: EngineContext,
  image: ManagedImage,
  decision: Decision & { kind: 'update' },
) {
  return decision.place === 'workloads' ? context.workloadsOf(image.application) : undefined
}

interface Observed {
  readonly running: RunningImage
  readonly winner: Winner | undefined
}

/** Asks the Pods only where the digest that runs matters and the spec does not tell it. */
async function observe(
  context: EngineContext,
  { application, rule }: ManagedImage,
  images: RunningImages,
  { winner }: Scan,
  firstSeenDigest: string,
): Promise<Observed> {
  if (!winner) return { running: { firstSeenDigest, images, pods: undefined }, winner: undefined }
  const plain: Winner = { digest: winner.digest ?? '', manifests: [], tag: winner.tag }
  const restarts = placeOf(rule, images) === 'workloads' || rule.writeBack.method === 'restart'
  const asksPods = followsDigest(rule) && (restarts || !images.declared.image?.digest)
  if (!asksPods) return { running: { firstSeenDigest, images, pods: undefined }, winner: plain }
  const view = await context.workloadsOf(application)
  const { digests } = podImages(view.pods, rule.image)
  const pods: RunningPods = {
    digests,
    unknown: digests.length > 0 ? '' : view.problem || 'no Pod reports it',
  }
  const moved = plain.digest !== '' && digests.some((digest) => digest !== plain.digest)
  // A node may report the platform's manifest instead of the index: only a difference is worth the request.
  const manifests = moved
    ? (await registryFor(context, rule).describe(rule.image, plain.digest, rule.platforms)).manifests
    : []
  return { running: { firstSeenDigest, images, pods }, winner: { ...plain, manifests } }
}
