import { MalformedFieldError } from '../application/object-field.ts'
import type { Forge, Opened, WrittenText } from './forge.ts'
import { markedBody, markedTarget } from './marker.ts'
import type {
  ClosedPullRequest,
  PublishedPullRequest,
  PullRequest,
  PullRequestProvider,
  PullRequestSpec,
} from './pull-request.ts'
import { PullRequestError } from './pull-request-error.ts'
import { shortenedBody, shortenedTitle } from './service-text.ts'
import { settle } from './settle.ts'

/** Errors after which the pull request may be there. Services differ in how they say that there is one. */
const MAYBE_THERE = new Set(['conflict', 'validation', 'unreachable'])

/** The one way in which pull requests are found, opened, updated and closed, over the steps of a service. */
export function providerOver(forge: Forge): PullRequestProvider {
  return {
    name: forge.name,
    findOpen: (spec) => readable(forge, () => findOpen(forge, spec)),
    openOrUpdate: (spec) => readable(forge, () => openOrUpdate(forge, spec)),
    closeSuperseded: (numbers, comment) =>
      readable(forge, async () => {
        const closed: ClosedPullRequest[] = []
        for (const number of new Set(numbers)) closed.push(await closeOne(forge, number, comment))
        return closed
      }),
    close: () => forge.disconnect(),
  }
}

async function findOpen(forge: Forge, spec: Pick<PullRequestSpec, 'head' | 'base' | 'targetKey'>) {
  const open = await listUsable(forge)
  const found = byBranches(open, spec) ?? sameTarget(open, spec.targetKey)[0]
  return found && whole(forge, found)
}

async function openOrUpdate(forge: Forge, spec: PullRequestSpec): Promise<PublishedPullRequest> {
  const text = writtenText(forge, spec)
  const listed = await listUsable(forge)
  const known = byBranches(listed, spec)
  const { pullRequest, opened, notes } =
    known === undefined
      ? await open(forge, spec, text)
      : { pullRequest: await whole(forge, known), opened: false, notes: [] }
  const edited = !opened && differs(pullRequest, text)
  if (edited) await forge.edit(pullRequest, text)
  const settled = await settle(forge, pullRequest, spec, { opened, edited })
  const { number, url } = pullRequest
  return {
    url,
    number,
    outcome: opened ? 'opened' : edited || settled.labelled ? 'updated' : 'unchanged',
    superseded: sameTarget(listed, spec.targetKey).filter(
      (each) => each.number !== number && each.head !== spec.head,
    ),
    notes: [...notes, ...settled.notes],
  }
}

/**
 * Opens one. When the service says no, somebody may have opened it at the same moment; when it says nothing,
 * it may have opened it all the same: then there is one now, and it is continued.
 */
async function open(
  forge: Forge,
  spec: PullRequestSpec,
  text: WrittenText,
): Promise<Opened & { readonly opened: boolean }> {
  try {
    const made = await forge.create({ head: spec.head, base: spec.base, draft: spec.draft, ...text })
    return { ...made, opened: true }
  } catch (error) {
    if (!(error instanceof PullRequestError) || !MAYBE_THERE.has(error.kind)) throw error
    const listed = byBranches(await listUsable(forge).catch(() => []), spec)
    if (listed === undefined) throw error
    const pullRequest = await whole(forge, listed)
    return { pullRequest, notes: [], opened: error.kind === 'unreachable' && !differs(pullRequest, text) }
  }
}

async function closeOne(forge: Forge, number: number, comment: string): Promise<ClosedPullRequest> {
  const found = await forge.read(number)
  if (!found.open) return { number, outcome: 'already-closed' }
  if (!found.ownBranch || markedTarget(found.body) === undefined) {
    throw new PullRequestError(
      'refused',
      `${forge.name}: #${number} was not opened by this program, and is not closed by it`,
      'Close it by hand if it is of no use',
    )
  }
  // The comment comes first, so that nobody finds a closed pull request without a reason.
  await forge.comment(found, shortenedBody(comment, forge.limits.body))
  await forge.close(found)
  return { number, outcome: 'closed' }
}

/**
 * Newest first. A fork's branch may have any name, and its pull request any text: only the repository's own
 * branches count.
 */
async function listUsable(forge: Forge): Promise<PullRequest[]> {
  const open = await forge.listOpen()
  return open
    .filter((each) => each.open && each.ownBranch)
    .toSorted((one, other) => other.number - one.number)
}

function byBranches(
  open: readonly PullRequest[],
  { head, base }: Pick<PullRequestSpec, 'head' | 'base'>,
): PullRequest | undefined {
  return open.find((each) => each.head === head && each.base === base)
}

function sameTarget(open: readonly PullRequest[], targetKey: string): PullRequest[] {
  return open.filter((each) => markedTarget(each.body) === targetKey)
}

async function whole(forge: Forge, found: PullRequest): Promise<PullRequest> {
  return forge.listed === 'whole' ? found : forge.read(found.number)
}

function writtenText(forge: Forge, spec: PullRequestSpec): WrittenText {
  const overhead = markedBody('', spec.targetKey, forge.marker).length
  const title = shortenedTitle(spec.title, forge.limits.title)
  const body = shortenedBody(spec.body, forge.limits.body - overhead)
  return {
    title: (forge.spellTitle?.(title) ?? title) || 'Update images',
    body: markedBody(body, spec.targetKey, forge.marker).trimEnd(),
  }
}

/** Services turn line ends and drop blanks at the end; that is no difference. */
function differs(found: PullRequest, { title, body }: WrittenText): boolean {
  return found.title.trim() !== title || plain(found.body) !== plain(body)
}

function plain(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trimEnd()
}

/** An answer of another shape than published is an error of the service, not of an object in the cluster. */
async function readable<Result>(forge: Forge, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof MalformedFieldError)) throw error
    throw new PullRequestError(
      'malformed',
      error.message,
      `Check that ${forge.name} is what runs at this host, and the address of its API`,
    )
  }
}
