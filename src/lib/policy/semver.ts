import { type Constraint, parseConstraint } from '../version/constraint.ts'
import { compareVersions, parseVersion, type Version } from '../version/version.ts'
import { type Candidate, type Dropped, dropped } from './candidate.ts'
import type { Ranking, Strategy } from './strategy.ts'
import { type ComparedPart, comparedPart } from './tag-pattern.ts'
import { bySpelling } from './tag-style.ts'

const NOT_A_VERSION = 'not a version'
const OUTSIDE_PATTERN = 'does not match tag-pattern'

/**
 * The highest version inside the constraint ('' means `*`, that is any release). Of equal versions such as
 * `1.0` and `v1.0.0` the one that runs is kept, else the one spelt most like it, else the greatest text wins.
 *
 * @throws ConstraintError or PatternError when a setting cannot be read.
 */
export function semver(constraintText: string, tagPattern?: string): Strategy {
  const constraint: Constraint = parseConstraint(constraintText || '*')
  const part = comparedPart(tagPattern)
  const considers = (tag: string): Dropped | undefined => {
    const text = part(tag)
    if (text === undefined) return dropped(tag, 'tag-pattern', `${OUTSIDE_PATTERN} ${tagPattern}`)
    const version = parseVersion(text)
    if (version === undefined) return dropped(tag, 'version', NOT_A_VERSION)
    const verdict = constraint.check(version)
    if (verdict.match) return undefined
    return dropped(tag, verdict.reason === 'range' ? 'constraint' : 'pre-release', verdict.detail)
  }
  return {
    name: 'semver',
    considers,
    rank: (candidates, _now, running = '') => rank(candidates, part, running),
  }
}

function versionOf(text: string | undefined): Version | undefined {
  return text === undefined ? undefined : parseVersion(text)
}

function rank(candidates: readonly Candidate[], part: ComparedPart, running: string): Ranking {
  const versions: { candidate: Candidate; version: Version }[] = []
  const unusable: Dropped[] = []
  for (const candidate of candidates) {
    const found = versionOf(part(candidate.tag))
    if (found === undefined) unusable.push(dropped(candidate.tag, 'version', NOT_A_VERSION))
    else versions.push({ candidate, version: found })
  }
  const spelling = bySpelling(running, part)
  versions.sort((a, b) => compareVersions(b.version, a.version) || spelling(a.candidate.tag, b.candidate.tag))
  const [first, second] = versions
  const tie = first && second && compareVersions(first.version, second.version) === 0
  const equals = tie ? `, spelt ${second.candidate.tag} as well` : ''
  return {
    ranked: versions.map(({ candidate }) => candidate),
    dropped: unusable,
    won: (_, among) => `highest version${among}${equals}`,
    outranked: (_, winner) => `not higher than ${winner.tag}`,
  }
}
