/**
 * A version as Masterminds/semver v3.4.0 reads it loosely: an optional lower-case `v`, one to three
 * numbers, a pre-release and metadata. Missing numbers are 0. Numbers are unsigned 64 bit, hence bigint.
 */
export interface Version {
  /** As it was written. */
  readonly text: string
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  /** `rc.1`; '' for a release. */
  readonly prerelease: string
  /** `build.5`; plays no part in comparing. */
  readonly metadata: string
}

/** A tag has at most 128 characters; nothing longer than this is a version. */
export const LONGEST_VERSION = 256
const LARGEST_NUMBER = 18_446_744_073_709_551_615n
const VERSION =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/
const DIGITS = /^[0-9]+$/

/**
 * Reads a version, or returns undefined when the text is none. Leading zeros are tolerated in the three
 * numbers, not in numeric parts of the pre-release. Digits alone are a version: `20240101` is 20240101.0.0.
 */
export function parseVersion(text: string): Version | undefined {
  if (text.length > LONGEST_VERSION) return undefined
  const match = VERSION.exec(text)
  if (match === null) return undefined
  const [, majorText = '0', minorText = '0', patchText = '0', prerelease = '', metadata = ''] = match
  const major = BigInt(majorText)
  const minor = BigInt(minorText)
  const patch = BigInt(patchText)
  if (major > LARGEST_NUMBER || minor > LARGEST_NUMBER || patch > LARGEST_NUMBER) return undefined
  if (prerelease !== '' && prerelease.split('.').some(isZeroPadded)) return undefined
  return { text, major, minor, patch, prerelease, metadata }
}

/** The version in its full spelling, without `v`: `1.2.0-rc.1+build`. */
export function formatVersion(version: Version): string {
  const { major, minor, patch, prerelease, metadata } = version
  return `${major}.${minor}.${patch}${prerelease ? `-${prerelease}` : ''}${metadata ? `+${metadata}` : ''}`
}

/** -1, 0 or 1 as `a` is lower than, equal to or higher than `b` (semver.org 2.0.0, item 11; metadata ignored). */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  if (a.major !== b.major) return a.major < b.major ? -1 : 1
  if (a.minor !== b.minor) return a.minor < b.minor ? -1 : 1
  if (a.patch !== b.patch) return a.patch < b.patch ? -1 : 1
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === '') return 1
  if (b.prerelease === '') return -1
  return comparePrereleases(a.prerelease, b.prerelease)
}

/** Part by part: numbers by value and below words, words by their bytes, fewer parts below more. */
export function comparePrereleases(a: string, b: string): -1 | 0 | 1 {
  const left = a.split('.')
  const right = b.split('.')
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = comparePart(left[index] ?? '', right[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function comparePart(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0
  if (a === '') return -1
  if (b === '') return 1
  const aNumber = partNumber(a)
  const bNumber = partNumber(b)
  if (aNumber !== undefined && bNumber !== undefined) return aNumber < bNumber ? -1 : 1
  if (aNumber !== undefined) return -1
  if (bNumber !== undefined) return 1
  return a < b ? -1 : 1
}

function partNumber(part: string): bigint | undefined {
  if (!DIGITS.test(part)) return undefined
  const number = BigInt(part)
  return number > LARGEST_NUMBER ? undefined : number
}

function isZeroPadded(part: string): boolean {
  return part.length > 1 && part.startsWith('0') && DIGITS.test(part)
}
