import { UserError } from '../errors.ts'
import { type Comparison, type OpenFrom, type Operator, satisfies } from './comparison.ts'
import { LONGEST_VERSION, parseVersion, type Version } from './version.ts'

/** Why a version is not in a constraint: `pre-release` when the release of it would be. */
export type ConstraintVerdict =
  | { readonly match: true }
  | { readonly match: false; readonly reason: 'pre-release' | 'range'; readonly detail: string }

/** A version constraint; only {@link parseConstraint} makes one. */
export interface Constraint {
  readonly text: string
  check(version: Version): ConstraintVerdict
}

export class ConstraintError extends UserError {}

/** Comparisons that must all hold. One that carries a pre-release makes pre-releases eligible for all. */
interface Group {
  readonly comparisons: readonly Comparison[]
  readonly prereleases: boolean
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  '': '=',
  '=': '=',
  '!=': '!=',
  '>': '>',
  '<': '<',
  '>=': '>=',
  '=>': '>=',
  '<=': '<=',
  '=<': '<=',
  '~': '~',
  '~>': '~',
  '^': '^',
}
const BLANKS = /[\t\n\f\r ]*/y
const SEPARATOR = /[\t\n\f\r ]*,[\t\n\f\r ]*|[\t\n\f\r ]+/y
const HYPHEN = /[\t\n\f\r ]+-[\t\n\f\r ]+/y
const OPERATOR = /(?:!=|>=|=>|<=|=<|~>|=|>|<|~|\^)?/y
const PARTIAL =
  /v?([0-9]+|[xX*])(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/y

/**
 * Reads a constraint by the grammar of Masterminds/semver v3.4.0: comparisons joined by blanks or commas
 * (all must hold), groups of them joined by `||` (one must hold), and `1.2 - 1.4` ranges.
 *
 * @throws ConstraintError naming the place that cannot be read.
 */
export function parseConstraint(text: string): Constraint {
  if (text.length > LONGEST_VERSION) {
    throw invalid(`${text.slice(0, 40)}…`, `it has ${text.length} characters, more than ${LONGEST_VERSION}`)
  }
  const groups = text.split('||').map((part) => parseGroup(part, text))
  return { text, check: (version) => check(groups, text, version) }
}

function check(groups: readonly Group[], text: string, version: Version): ConstraintVerdict {
  const isPrerelease = version.prerelease !== ''
  for (const group of groups) {
    if (isPrerelease && !group.prereleases) continue
    if (group.comparisons.every((comparison) => satisfies(version, comparison))) return { match: true }
  }
  if (isPrerelease) {
    const release = { ...version, prerelease: '' }
    const releaseFits = groups.some(
      (group) =>
        !group.prereleases && group.comparisons.every((comparison) => satisfies(release, comparison)),
    )
    if (releaseFits) {
      return {
        match: false,
        reason: 'pre-release',
        detail: `a pre-release, which "${text}" does not ask for`,
      }
    }
  }
  return { match: false, reason: 'range', detail: `outside "${text}"` }
}

function parseGroup(part: string, text: string): Group {
  const comparisons: Comparison[] = []
  let position = 0
  const take = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = position
    const match = token.exec(part)
    if (match !== null) position = token.lastIndex
    return match
  }
  const takeVersion = (operator: Operator): Comparison => {
    const match = take(PARTIAL)
    if (match === null) throw invalid(text, `a version is missing at "${rest(part, position, text)}"`)
    return comparison(operator, match, text)
  }
  take(BLANKS)
  for (;;) {
    const written = take(OPERATOR)?.[0] ?? ''
    take(BLANKS)
    const first = takeVersion(OPERATORS[written] ?? '=')
    if (written === '' && take(HYPHEN) !== null) {
      comparisons.push({ ...first, operator: '>=' }, takeVersion('<='))
    } else {
      comparisons.push(first)
    }
    const separated = take(SEPARATOR)
    if (position === part.length && !separated?.[0].includes(',')) break
    if (separated === null || position === part.length) {
      throw invalid(text, `"${rest(part, position, text)}" cannot be read`)
    }
  }
  return { comparisons, prereleases: comparisons.some(({ version }) => version.prerelease !== '') }
}

function comparison(operator: Operator, match: RegExpExecArray, text: string): Comparison {
  const [, major = '', minor, patch, prerelease = ''] = match
  const openFrom: OpenFrom = isOpen(major)
    ? 'major'
    : isOpen(minor)
      ? 'minor'
      : isOpen(patch)
        ? 'patch'
        : 'nothing'
  const numbers = {
    major: '0.0.0',
    minor: `${major}.0.0`,
    patch: `${major}.${minor}.0`,
    nothing: `${major}.${minor}.${patch}`,
  }[openFrom]
  const version = parseVersion(`${numbers}${prerelease}`)
  if (version === undefined) throw invalid(text, `"${match[0]}" is not a version`)
  return { operator, version, openFrom }
}

function isOpen(number: string | undefined): boolean {
  return number === undefined || number === 'x' || number === 'X' || number === '*'
}

function rest(part: string, position: number, text: string): string {
  return part.slice(position) || text
}

function invalid(text: string, why: string): ConstraintError {
  return new ConstraintError(
    `"${text}" is not a version constraint: ${why}`,
    'Write for example 1.2.x, ~1.2, ^1.0, ">=1.2 <2" or "1.x-0" (with pre-releases)',
  )
}
