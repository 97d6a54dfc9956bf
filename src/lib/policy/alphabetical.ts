import { type Candidate, type Dropped, dropped } from './candidate.ts'
import { byTextDescending, type Ranking, type Strategy } from './strategy.ts'
import { comparedPart } from './tag-pattern.ts'

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
  return { name: 'alphabetical', considers, rank: (candidates) => rank(candidates, (tag) => part(tag) ?? '') }
}

function rank(candidates: readonly Candidate[], part: (tag: string) => string): Ranking {
  const compared = candidates.map((candidate) => ({ candidate, text: part(candidate.tag) }))
  compared.sort(
    (a, b) => byTextDescending(a.text, b.text) || byTextDescending(a.candidate.tag, b.candidate.tag),
  )
  return {
    ranked: compared.map(({ candidate }) => candidate),
    dropped: [],
    won: (_, among) => `last by name${among}`,
    outranked: (_, winner) => `sorts before ${winner.tag}`,
  }
}
