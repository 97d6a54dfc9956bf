import { type Candidate, type Dropped, dropped } from './candidate.ts'
import { byTextDescending, type Ranking, type Strategy } from './strategy.ts'
import { type ComparedPart, comparedPart } from './tag-pattern.ts'
import { bySpelling } from './tag-style.ts'

/**
 * The last tag in byte order, as for `2026-01-05T1200`; constraints play no part.
 *
 * @throws PatternError when `tagPattern` cannot be read.
 */
export function alphabetical(tagPattern?: string): Strategy {
  const part = comparedPart(tagPattern)
  const considers = (tag: string): Dropped | undefined =>
    part(tag) === undefined
      ? dropped(tag, 'tag-pattern', `does not match tag-pattern ${tagPattern}`)
      : undefined
  return {
    name: 'alphabetical',
    considers,
    rank: (candidates, _now, running = '') => rank(candidates, part, running),
  }
}

function rank(candidates: readonly Candidate[], part: ComparedPart, running: string): Ranking {
  const compared = candidates.map((candidate) => ({ candidate, text: part(candidate.tag) ?? '' }))
  const spelling = bySpelling(running, part)
  compared.sort((a, b) => byTextDescending(a.text, b.text) || spelling(a.candidate.tag, b.candidate.tag))
  return {
    ranked: compared.map(({ candidate }) => candidate),
    dropped: [],
    won: (_, among) => `last by name${among}`,
    outranked: (_, winner) => `sorts before ${winner.tag}`,
  }
}
