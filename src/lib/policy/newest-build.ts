import { type Candidate, type Dropped, dropped } from './candidate.ts'
import { byTextDescending, type Ranking, type Strategy } from './strategy.ts'
import { comparedPart } from './tag-pattern.ts'

/** Clocks of registries and build machines differ; anything further ahead is forged or broken. */
const TOLERATED_FUTURE = 24 * 60 * 60 * 1000

/** A date and whose clock it is. */
interface Clock {
  readonly verb: 'pushed' | 'built'
  readonly owner: string
  date(candidate: Candidate): Date | undefined
}

const REGISTRY_CLOCK: Clock = {
  verb: 'pushed',
  owner: "the registry's clock",
  date: ({ pushedAt }) => pushedAt,
}
const PUBLISHER_CLOCK: Clock = {
  verb: 'built',
  owner: "the publisher's clock",
  date: ({ createdAt }) => createdAt,
}

/**
 * The tag pushed last; constraints play no part. Push times come from the registry and cannot be forged by
 * whoever pushes, so they are used if every candidate has one. Otherwise all are compared by build date:
 * two clocks are never mixed in one ranking.
 *
 * @throws PatternError when `tagPattern` cannot be read.
 */
export function newestBuild(tagPattern?: string): Strategy {
  const part = comparedPart(tagPattern)
  return {
    name: 'newest-build',
    considers: (tag) =>
      part(tag) === undefined
        ? dropped(tag, 'tag-pattern', `does not match tag-pattern ${tagPattern}`)
        : undefined,
    rank,
  }
}

/** Whether every candidate's push time is known, so that no build date needs to be asked for. */
export function allPushTimesKnown(candidates: readonly Candidate[]): boolean {
  return candidates.every(({ pushedAt }) => pushedAt !== undefined)
}

function rank(candidates: readonly Candidate[], now: Date): Ranking {
  const clock = allPushTimesKnown(candidates) ? REGISTRY_CLOCK : PUBLISHER_CLOCK
  const dates = new Map<Candidate, Date>()
  const unusable: Dropped[] = []
  for (const candidate of candidates) {
    const date = clock.date(candidate)
    if (date === undefined || Number.isNaN(date.getTime())) {
      unusable.push(dropped(candidate.tag, 'date', `it is not known when it was ${clock.verb}`))
    } else if (date.getTime() > now.getTime() + TOLERATED_FUTURE) {
      const said = `${clock.verb} ${date.toISOString()} by ${clock.owner}`
      unusable.push(dropped(candidate.tag, 'date', `${said}: more than a day in the future`))
    } else dates.set(candidate, date)
  }
  const time = (candidate: Candidate): number => dates.get(candidate)?.getTime() ?? 0
  const said = (candidate: Candidate): string => `${clock.verb} ${dates.get(candidate)?.toISOString()}`
  return {
    ranked: [...dates.keys()].sort((a, b) => time(b) - time(a) || byTextDescending(a.tag, b.tag)),
    dropped: unusable,
    won: (winner, among) => `newest${among}, ${said(winner)} by ${clock.owner}`,
    outranked: (candidate, winner) => `${said(candidate)}, not after ${winner.tag}`,
  }
}
