import type { Candidate } from './candidate.ts'
import { createStrategy, type StrategySettings } from './create-strategy.ts'
import { conclude, shortlist } from './select.ts'
import type { StrategyName } from './strategy-name.ts'
import { createTagFilter, type TagFilterSettings } from './tag-filter.ts'

/** Settings that decide between tags, perhaps not all of them answered yet. */
export interface ChoiceSettings extends TagFilterSettings, StrategySettings {
  readonly strategy: StrategyName
}

/** What settings would make of the tags there are, as far as the tags alone tell. */
export interface ChoicePreview {
  /** Those that are left: the best first where that is known, else in the order of the listing. */
  readonly left: readonly string[]
  /** The one that would be chosen; absent when none is left or only a registry could tell. */
  readonly winner?: string
  /** Whether dates would have to be asked for, one request a tag. */
  readonly needsDates: boolean
}

/**
 * Chooses without a request. Build dates are not asked for, so `newest-build` has a winner only where the
 * listing has push times or one tag is left.
 *
 * @param running the tag that runs, '' where none does
 * @throws UserError saying which setting cannot be read
 */
export function previewChoice(
  settings: ChoiceSettings,
  tags: readonly Candidate[],
  running: string,
  now: Date,
): ChoicePreview {
  const strategy = createStrategy(settings.strategy, settings)
  const list = shortlist({ filter: createTagFilter(settings), strategy }, tags)
  const names = list.candidates.map(({ tag }) => tag)
  const needsDates = list.missing === 'dates' && names.length > 1
  if (needsDates) return { left: names, needsDates }
  if (list.missing !== 'nothing') {
    return { left: names, needsDates, ...(names[0] !== undefined && { winner: names[0] }) }
  }
  const ranking = strategy.rank(list.candidates, now, running)
  const { winner } = conclude(list, ranking)
  return {
    left: ranking.ranked.map(({ tag }) => tag),
    needsDates,
    ...(winner && { winner: winner.tag }),
  }
}
