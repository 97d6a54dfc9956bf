import type { Application } from '../../lib/application/application.ts'
import { updateGroups } from '../../lib/engine/apply.ts'
import { isUpdatable, type UpdatableImage } from '../../lib/engine/checked-image.ts'
import { concurrently } from '../../lib/engine/concurrently.ts'
import { registryFor } from '../../lib/engine/context.ts'
import { explainApplications } from '../../lib/engine/explain.ts'
import { imageHistory, newestFirst } from '../../lib/engine/history.ts'
import { holderText, holdWrite, resumeWrite } from '../../lib/engine/hold.ts'
import { offeredTag, skipWrite } from '../../lib/engine/skip.ts'
import type { BoardRow } from '../../lib/engine/watch-board.ts'
import { UserError } from '../../lib/errors.ts'
import { formatImageReference, repositoryName } from '../../lib/image/reference.ts'
import { formatSkippedTag, isHeld } from '../../lib/rules/controls.ts'
import { actionText, imageName } from '../../lib/terminal/checked-images.ts'
import type { Paint } from '../../lib/terminal/colour.ts'
import { renderExplanations } from '../../lib/terminal/explanation.ts'
import { historyColumns } from '../../lib/terminal/history-rows.ts'
import { renderTable } from '../../lib/terminal/table.ts'
import type { ObjectWrite } from '../../lib/writeback/write.ts'
import type { Session } from '../session/session.ts'
import { gateWarnings, question, writesDiff } from '../update/dialogue.ts'
import type { WatchMember } from './world.ts'

/** What a person is asked about one or several Applications. */
export interface ApprovalQuestion {
  readonly text: string
  readonly question: string
}

/** The write behind a key of the live table, made and then carried out. */
export interface ControlChange {
  /** What it does, for the log: `shop/web held`. */
  readonly done: string
  readonly write: ObjectWrite | undefined
}

/** Digests that are asked for at the same time. */
const AT_ONCE = 10

/** The diffs of updates with the exact reference and digest of each, and what has to be said yes to. */
export async function approvalQuestion(
  images: readonly UpdatableImage[],
  memberOf: (image: UpdatableImage) => WatchMember,
  paint: Paint,
): Promise<ApprovalQuestion> {
  const references = await exactReferences(images, memberOf)
  const texts: string[] = []
  const groups = updateGroups(images)
  for (const group of groups) {
    const [first] = group
    if (!first) continue
    const { session } = memberOf(first)
    texts.push(await writesDiff(session, group, paint))
    for (const image of group) texts.push(`    ${references.get(image)}\n`)
    for (const line of gateWarnings(group)) texts.push(`${paint('yellow', line)}\n`)
  }
  const [first] = images
  const places = [...new Set(images.map((image) => memberOf(image).session.place))].join(', ')
  const asked =
    groups.length === 1 && first
      ? question(memberOf(first).session, images)
      : `Apply ${images.length} updates to ${groups.length} Applications (${places})?`
  return { question: asked, text: texts.join('') }
}

async function exactReferences(
  images: readonly UpdatableImage[],
  memberOf: (image: UpdatableImage) => WatchMember,
): Promise<ReadonlyMap<UpdatableImage, string>> {
  return new Map(
    await concurrently(images, AT_ONCE, async (image) => [
      image,
      await exactReference(memberOf(image).session, image),
    ]),
  )
}

/** `registry/repository:tag is sha256:…`: what just this yes is for. */
async function exactReference(
  { engine }: Session,
  { decision, rule, scan }: UpdatableImage,
): Promise<string> {
  const { target } = decision
  const known = target.digest || scan.winner?.digest
  try {
    const digest = known || (await registryFor(engine, rule).resolveDigest(rule.image, target.tag))
    return `${formatImageReference({ ...target, digest: '' })} is ${digest}`
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${formatImageReference(target)}: its digest cannot be told: ${error.message}`
  }
}

/** The diff of a row, or why there is none. */
export async function diffText({ image }: BoardRow, { session }: WatchMember, paint: Paint): Promise<string> {
  if (isUpdatable(image)) return writesDiff(session, [image], paint)
  return `Nothing would be written: ${actionText(image)}\n`
}

/** The whole story of a row, asked anew. */
export async function explanationText(
  { image }: BoardRow,
  { session }: WatchMember,
  paint: Paint,
  width: number,
): Promise<string> {
  const { application } = image
  const managed = await session.load([fullName(application)])
  const explanations = await explainApplications(session.engine, managed, {
    connection: (of) => session.connectionWords(of),
    ...(image.state === 'decided' && { image: image.alias || repositoryName(image.rule.image) }),
  })
  const view = { all: true, context: session.target.context, now: session.engine.now(), paint, width }
  return renderExplanations(explanations, view)
}

/** Earlier images of a row; of its whole Application where its rule cannot be used. */
export async function historyText({ image }: BoardRow, { session }: WatchMember): Promise<string> {
  const managed = await session.load([fullName(image.application)])
  const own = managed.images.filter(({ rule }) => image.state === 'failed' || rule.alias === image.alias)
  const rows = newestFirst(own.flatMap(imageHistory))
  if (rows.length === 0) return 'Neither Argo CD nor this tool knows of a change.\n'
  return renderTable(historyColumns(session.engine.now()), rows)
}

/** Whether the hold key releases or holds, as the row was last read. */
export function isRowHeld({ image }: BoardRow, now: Date): boolean {
  return isHeld(image.rule?.controls.hold, now)
}

/** Holds the image of a row, as its Application is now. */
export async function holdRow(
  { image }: BoardRow,
  { session }: WatchMember,
  reason: string,
): Promise<ControlChange> {
  const application = await session.engine.applications.again(image.application)
  const now = session.engine.now()
  const order = { by: holderText(session.operator, now), reason }
  return { done: `${nameOf(image)} held`, write: holdWrite(application, [image.alias], order, now) }
}

export async function resumeRow({ image }: BoardRow, { session }: WatchMember): Promise<ControlChange> {
  const application = await session.engine.applications.again(image.application)
  return { done: `${nameOf(image)} resumed`, write: resumeWrite(application, [image.alias]) }
}

/** What `s` declines of a row: the tag, or this digest of one that moves; undefined where nothing is offered. */
export function skippedOf({ image }: BoardRow): string | undefined {
  const offered = image.state === 'decided' ? offeredTag(image) : undefined
  return offered && formatSkippedTag(offered)
}

export async function skipRow({ image }: BoardRow, { session }: WatchMember): Promise<ControlChange> {
  const offered = image.state === 'decided' ? offeredTag(image) : undefined
  if (!offered) throw new UserError(`${nameOf(image)} offers nothing to skip`)
  const application = await session.engine.applications.again(image.application)
  return {
    done: `${nameOf(image)} ${formatSkippedTag(offered)} skipped`,
    write: skipWrite(application, image.alias, offered, { undo: false }),
  }
}

function nameOf(image: BoardRow['image']): string {
  return `${image.application.metadata.name}/${imageName(image)}`
}

function fullName({ metadata }: Application): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name
}
