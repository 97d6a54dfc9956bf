import { formatPlatform, type Platform, platformMatches } from '../image/platform.ts'
import { type Candidate, type Dropped, type DropStage, dropped, type Verdict } from './candidate.ts'
import { allPushTimesKnown } from './newest-build.ts'
import type { Ranking, Strategy } from './strategy.ts'
import { STRATEGY_TRAITS } from './strategy-name.ts'
import type { TagFilter } from './tag-filter.ts'

/** What decides between tags. */
export interface Policy {
  readonly filter: TagFilter
  readonly strategy: Strategy
}

/** What is left after looking at names only. */
export interface Shortlist {
  readonly candidates: readonly Candidate[]
  readonly dropped: readonly Dropped[]
  /** How many tags were looked at. */
  readonly considered: number
  /** What must still be found out about the candidates before they can be ranked. */
  readonly missing: 'nothing' | 'dates' | 'digest'
}

/** The answer, with a verdict on every tag: the winner first, then the outranked best first, then the dropped. */
export interface Selection {
  readonly winner?: Candidate
  readonly verdicts: readonly Verdict[]
  /** How many tags each stage dropped. */
  readonly counts: Readonly<Partial<Record<DropStage, number>>>
  readonly considered: number
}

/** Step 1, without a request: drops what the names alone rule out. */
export function shortlist(policy: Policy, tags: Iterable<Candidate>): Shortlist {
  const candidates: Candidate[] = []
  const losers: Dropped[] = []
  for (const candidate of tags) {
    const verdict = policy.filter.judge(candidate.tag) ?? policy.strategy.considers(candidate.tag)
    if (verdict === undefined) candidates.push(candidate)
    else losers.push(verdict)
  }
  return {
    candidates,
    dropped: losers,
    considered: candidates.length + losers.length,
    missing: missingKnowledge(policy.strategy, candidates),
  }
}

/**
 * Step 2 is `policy.strategy.rank`, with what was missing filled in. Then the caller walks from the best
 * down and collects the verdicts of {@link judgePlatforms} until one is fit.
 */
export function judgePlatforms(candidate: Candidate, wanted: readonly Platform[]): Dropped | undefined {
  const { tag, platforms = [] } = candidate
  if (wanted.length === 0 || platforms.some((offered) => platformMatches(wanted, offered))) return undefined
  const offers = platforms.map(formatPlatform).join(', ') || 'no platform'
  return dropped(tag, 'platform', `offers ${offers}, not ${wanted.map(formatPlatform).join(' or ')}`)
}

/** Step 3: the first of the ranking that was not found `unfit` wins. */
export function conclude(list: Shortlist, ranking: Ranking, unfit: readonly Dropped[] = []): Selection {
  const unfitTags = new Set(unfit.map(({ tag }) => tag))
  const fit = unfit.length === 0 ? ranking.ranked : ranking.ranked.filter(({ tag }) => !unfitTags.has(tag))
  const [winner, ...outranked] = fit
  const losers = [...unfit, ...ranking.dropped, ...list.dropped]
  const verdicts: Verdict[] = []
  if (winner !== undefined) {
    const rivals = list.candidates.length
    const among = rivals === 1 ? ', the only candidate' : ` of ${rivals} candidates`
    const reason = ranking.won(winner, among)
    verdicts.push({ tag: winner.tag, outcome: 'winner', reason })
    for (const candidate of outranked) {
      verdicts.push({
        tag: candidate.tag,
        outcome: 'outranked',
        reason: ranking.outranked(candidate, winner),
      })
    }
  }
  const counts: Partial<Record<DropStage, number>> = {}
  for (const loser of losers) {
    verdicts.push(loser)
    counts[loser.stage] = (counts[loser.stage] ?? 0) + 1
  }
  return { ...(winner && { winner }), verdicts, counts, considered: list.considered }
}

function missingKnowledge(strategy: Strategy, candidates: readonly Candidate[]): Shortlist['missing'] {
  const needs = strategy.needs ?? STRATEGY_TRAITS[strategy.name].needs
  if (needs === 'dates') return allPushTimesKnown(candidates) ? 'nothing' : 'dates'
  if (needs === 'digest') return candidates.every(({ digest }) => digest !== undefined) ? 'nothing' : 'digest'
  return 'nothing'
}
