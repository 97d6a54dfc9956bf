import { comparePrereleases, compareVersions, type Version } from './version.ts'

/** `=` also stands for a version without an operator; `~>`, `=>` and `=<` are spelled `~`, `>=` and `<=` here. */
export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^'

/** From which number on the version was left open: `1.x` and `1` leave the minor open, `*` everything. */
export type OpenFrom = 'major' | 'minor' | 'patch' | 'nothing'

/** One comparison of a constraint: `>=1.2`, `~1.4.x`, `*`. Open numbers of `version` are 0. */
export interface Comparison {
  readonly operator: Operator
  readonly version: Version
  readonly openFrom: OpenFrom
}

/**
 * Whether a version satisfies one comparison, by the rules of Masterminds/semver v3.4.0. Whether
 * pre-releases are eligible at all is for the whole group of comparisons to say and not looked at here.
 */
export function satisfies(version: Version, comparison: Comparison): boolean {
  return COMPARE[comparison.operator](version, comparison.version, comparison.openFrom)
}

type Compare = (version: Version, bound: Version, openFrom: OpenFrom) => boolean

const COMPARE: Record<Operator, Compare> = {
  '=': (version, bound, openFrom) =>
    openFrom === 'nothing' ? compareVersions(version, bound) === 0 : tilde(version, bound, openFrom),
  '!=': differs,
  '>': greater,
  '<': (version, bound) => compareVersions(version, bound) < 0,
  '>=': (version, bound) => compareVersions(version, bound) >= 0,
  '<=': lessOrEqual,
  '~': tilde,
  '^': caret,
}

/** `!=1.2` excludes all of 1.2; with pre-releases in play, those that differ from the bound's stay in. */
function differs(version: Version, bound: Version, openFrom: OpenFrom): boolean {
  if (openFrom === 'minor') return version.major !== bound.major
  if (openFrom !== 'patch') return compareVersions(version, bound) !== 0
  if (version.major !== bound.major || version.minor !== bound.minor) return true
  return comparePrereleases(version.prerelease, bound.prerelease) !== 0
}

/** `>11` starts at 12, `>1.2` at 1.3: an open number is not greater than itself. */
function greater(version: Version, bound: Version, openFrom: OpenFrom): boolean {
  if (openFrom === 'minor') return version.major > bound.major
  if (openFrom === 'patch') {
    return version.major > bound.major || (version.major === bound.major && version.minor > bound.minor)
  }
  return compareVersions(version, bound) > 0
}

/** `<=1.2` includes 1.2.9, `<=1` includes 1.9. */
function lessOrEqual(version: Version, bound: Version, openFrom: OpenFrom): boolean {
  if (openFrom === 'nothing') return compareVersions(version, bound) <= 0
  if (version.major !== bound.major) return version.major < bound.major
  return openFrom === 'minor' || version.minor <= bound.minor
}

/** Only the last stated number may grow. `~0.0.0` and `~*` accept everything from there on. */
function tilde(version: Version, bound: Version, openFrom: OpenFrom): boolean {
  if (compareVersions(version, bound) < 0) return false
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n
  if (isZero && (openFrom === 'major' || openFrom === 'nothing')) return true
  return version.major === bound.major && (openFrom === 'minor' || version.minor === bound.minor)
}

/** The leftmost number that is not 0 may not grow. */
function caret(version: Version, bound: Version, openFrom: OpenFrom): boolean {
  if (compareVersions(version, bound) < 0) return false
  if (bound.major > 0n || openFrom === 'minor') return version.major === bound.major
  if (version.major > 0n) return false
  if (bound.minor > 0n || openFrom === 'patch') return version.minor === bound.minor
  return version.minor === 0n && version.patch === bound.patch
}
