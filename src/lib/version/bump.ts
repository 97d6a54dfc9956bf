import { compareVersions, type Version } from './version.ts'

/** How big a step from one version to another is. `none`: they are equal (metadata aside). */
export type Bump = 'major' | 'minor' | 'patch' | 'pre-release' | 'none' | 'downgrade'

/**
 * The leftmost number that grows from `from` to `to`. A step between pre-releases of one version, or from
 * its pre-release to its release, is `pre-release`; any step to a lower version is `downgrade`.
 */
export function bump(from: Version, to: Version): Bump {
  const order = compareVersions(from, to)
  if (order === 0) return 'none'
  if (order > 0) return 'downgrade'
  if (from.major !== to.major) return 'major'
  if (from.minor !== to.minor) return 'minor'
  return from.patch === to.patch ? 'pre-release' : 'patch'
}
