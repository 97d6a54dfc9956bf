import type { Candidate, Dropped } from './candidate.ts'
import type { StrategyName, StrategyTraits } from './strategy-name.ts'

/** Candidates in the order in which they would be taken, and why. */
export interface Ranking {
  /** Best first. */
  readonly ranked: readonly Candidate[]
  /** Those that turned out unusable while ranking. */
  readonly dropped: readonly Dropped[]
  /**
   * Why the first of the ranked wins: `highest version of 67 candidates`. `among` says against how many, and
   * follows directly after the word that ranks.
   */
  won(winner: Candidate, among: string): string
  /** Why a candidate comes after the winner: `lower than v1.2.0`. */
  outranked(candidate: Candidate, winner: Candidate): string
}

/**
 * One way to say which tag is the newest. It is asked twice: about every name, which costs no request, and
 * then about the few that are left, with whatever `STRATEGY_TRAITS` says it needs to know of them.
 */
export interface Strategy {
  readonly name: StrategyName
  /** Where it differs from what `STRATEGY_TRAITS` says of the name. */
  readonly needs?: StrategyTraits['needs']
  /** The drop verdict when the name alone rules a tag out, or undefined. */
  considers(tag: string): Dropped | undefined
  /**
   * `now`: dates more than a day after it are forged or broken and lose. `running`: the tag that runs; among
   * equals it is kept, and its spelling preferred. Absent or '': the greatest text among equals wins.
   */
  rank(candidates: readonly Candidate[], now: Date, running?: string): Ranking
}

/** Greatest text first: the last tie-break of every strategy, so that an answer never flaps. */
export function byTextDescending(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0
}
