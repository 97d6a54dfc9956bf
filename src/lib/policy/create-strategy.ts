import { alphabetical } from './alphabetical.ts'
import { digest } from './digest.ts'
import { newestBuild } from './newest-build.ts'
import { semver } from './semver.ts'
import type { Strategy } from './strategy.ts'
import type { StrategyName } from './strategy-name.ts'

export interface StrategySettings {
  /** A version range for semver, the tag to follow for digest; the others ignore it. '' or absent: none. */
  readonly constraint?: string
  /** RE2 with a group `version`: what of a tag is compared. digest ignores it. */
  readonly tagPattern?: string
}

/**
 * The strategy of that name.
 *
 * @throws ConstraintError, MissingTagError or PatternError when a setting does not suit it.
 */
export function createStrategy(name: StrategyName, settings: StrategySettings = {}): Strategy {
  const { constraint = '', tagPattern } = settings
  switch (name) {
    case 'semver':
      return semver(constraint, tagPattern)
    case 'newest-build':
      return newestBuild(tagPattern)
    case 'alphabetical':
      return alphabetical(tagPattern)
    case 'digest':
      return digest(constraint)
  }
}
