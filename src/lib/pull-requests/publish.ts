import { MalformedFieldError } from '../application/object-field.ts'
import type { Forge, Opened, WrittenText } from './forge.ts'
import { missingLabels } from './labels.ts'
import { markedBody, markedTarget } from './marker.ts'
import type {
  ClosedPullRequest,
  PublishedPullRequest,
  PullRequest,
  PullRequestProvider,
  PullRequestSpec,
} from './pull-request.ts'
import { PullRequestError } from './pull-request-error.ts'
import { shortenedBody, shortenedTitle } from './pull-request-text.ts'

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
  const byHead = await findByHead(forge, spec)
  return byHead ?? (await sameTarget(forge, spec.targetKey)).toSorted(newestFirst)[0]
}

async function openOrUpdate(forge: Forge, spec: PullRequestSpec): Promise<PublishedPullRequest> {
  const text = writtenText(forge, spec)
  const found = await findByHead(forge, spec)
  const opened = found === undefined ? await open(forge, spec, text) : undefined
  const fresh = opened !== undefined && !('existing' in opened)
  const { pullRequest, notes: told } = opened ?? { pullRequest: found as PullRequest, notes: [] }
  const notes = [...told]
  const trying = async (what: string, step: () => Promise<readonly string[]>) => {
    try {
      notes.push(...(await step()))
    } catch (error) {
      if (!(error instanceof PullRequestError)) throw error
      notes.push(`${what}: ${error.message}`)
    }
  }

  const edited = !fresh && differs(pullRequest, text)
  if (edited) await forge.edit(pullRequest, text)
  const labels = missingLabels(spec.labels, pullRequest.labels)
  let labelled = false
  if (labels.length > 0) {
    await trying('labels are not set', async () => {
      if (forge.addLabels === undefined) return [`${forge.name} has no labels for pull requests`]
      await forge.addLabels(pullRequest, labels)
      labelled = true
      return []
    })
  }
  const { reviewers, autoMerge } = spec
  if (fresh && reviewers.length > 0) {
    await trying('reviews are not requested', () =>
      forge.requestReviews(pullRequest, [...new Set(reviewers)]),
    )
  }
  if (autoMerge !== 'off' && (fresh || edited) && !pullRequest.autoMerge) {
    await trying('auto-merge is not set', async () => {
      if (pullRequest.draft) return ['auto-merge is not set: it is a draft']
      const enable = forge.enableAutoMerge
      const told = enable
        ? await enable(pullRequest, autoMerge)
        : `${forge.name} cannot be told to by its API`
      return told === '' ? [] : [`auto-merge is not set: ${told}`]
    })
  }
  const superseded = (await sameTarget(forge, spec.targetKey)).filter(
    ({ number, head }) => number !== pullRequest.number && head !== spec.head,
  )
  const { number, url } = pullRequest
  const outcome = fresh ? 'opened' : edited || labelled ? 'updated' : 'unchanged'
  return { url, number, outcome, superseded, notes }
}

/** Whoever opened it at the same moment was faster: then there is one now, and it is continued. */
async function open(
  forge: Forge,
  spec: PullRequestSpec,
  text: WrittenText,
): Promise<Opened & { readonly existing?: true }> {
  try {
    return await forge.create({ head: spec.head, base: spec.base, draft: spec.draft, ...text })
  } catch (error) {
    const again =
      error instanceof PullRequestError && ['conflict', 'validation', 'unreachable'].includes(error.kind)
    if (!again) throw error
    const existing = await findByHead(forge, spec).catch(() => undefined)
    if (existing === undefined) throw error
    return { pullRequest: existing, notes: [], existing: true }
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

async function findByHead(
  forge: Forge,
  { head, base }: Pick<PullRequestSpec, 'head' | 'base'>,
): Promise<PullRequest | undefined> {
  const open = await forge.listOpen(head)
  return open
    .filter((each) => usable(each) && each.head === head && each.base === base)
    .toSorted(newestFirst)[0]
}

async function sameTarget(forge: Forge, targetKey: string): Promise<PullRequest[]> {
  const open = await forge.listOpen()
  return open.filter((each) => usable(each) && markedTarget(each.body) === targetKey)
}

/** A fork's branch may have any name, and its pull request any text: only the repository's own branches count. */
function usable(pullRequest: PullRequest): boolean {
  return pullRequest.open && pullRequest.ownBranch
}

function writtenText(forge: Forge, spec: PullRequestSpec): WrittenText {
  const overhead = markedBody('', spec.targetKey, forge.marker).length
  const body = shortenedBody(spec.body, forge.limits.body - overhead)
  return {
    title: shortenedTitle(spec.title, forge.limits.title),
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

function newestFirst(one: PullRequest, other: PullRequest): number {
  return other.number - one.number
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
