import { parseVersion } from '../version/version.ts'

/**
 * What a tag is made like, by its text alone. `version`: numbers with dots; `number`: one number, of a build
 * or of a major version; `date`: a day, with or without more behind it; `commit`: ends in the hash of a
 * commit; `word`: names no version at all, so that it can only be a tag that is moved.
 */
export interface TagShape {
  readonly kind: 'version' | 'number' | 'date' | 'commit' | 'word'
  /** RE2 that every tag made alike matches from end to end, and no other. */
  readonly pattern: string
  /** What stands before the version and is the same in all: `release-`; '' elsewhere. */
  readonly prefix: string
  /** `v1.4.2`, of a version or number; '' elsewhere. */
  readonly version: string
  /** What stands after it, a pre-release included: `-alpine3.18`. */
  readonly suffix: string
  /** Whether the suffix says that the version is not released yet. */
  readonly prerelease: boolean
}

const DATE = /(?<![0-9])20[0-9]{2}([-_]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])(?![0-9]{3})/
const COMMIT = /(?<![0-9A-Za-z])(?:g|sha)?(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?![0-9A-Za-z])/
const VERSION = /^(.*?)(v?)((?<![0-9.])[0-9]+\.[0-9]+(?:\.[0-9]+)?)(?![.0-9]*[0-9])(.*)$/s
const NUMBER = /^((?:[A-Za-z]+[-_.])*)(v?)([0-9]+)((?:[-_.][A-Za-z].*)?)$/s
const PRERELEASE = /^-(?:alpha|beta|rc|pre|preview|dev|snapshot|next|canary|m)(?![A-Za-z])/i

/** The shape of one tag. Never fails: what looks like nothing is a word. */
export function tagShape(tag: string): TagShape {
  const date = DATE.exec(tag)
  if (date && !/[0-9]\.[0-9]/.test(tag.slice(0, date.index))) return plain('date', tag)
  const version = VERSION.exec(tag)
  if (version) return numbered('version', version)
  if (COMMIT.test(tag)) return plain('commit', tag)
  const number = NUMBER.exec(tag)
  return number ? numbered('number', number) : plain('word', tag)
}

/** Whether only part of the tag may be compared, since semver would read the rest as a pre-release or not at all. */
export function hasAffix({ prefix, suffix, prerelease }: TagShape): boolean {
  return prefix !== '' || (suffix !== '' && !prerelease)
}

/** The tag-pattern that compares the version and drops every tag made otherwise. */
export function versionPattern({ prefix, version, suffix }: TagShape): string {
  return `^${quoted(prefix)}(?P<version>${numbers(version)})${loosely(suffix)}$`
}

function numbered(kind: 'version' | 'number', match: RegExpExecArray): TagShape {
  const [tag, prefix = '', v = '', number = '', suffix = ''] = match
  const version = `${v}${number}`
  const whole = parseVersion(`${version}${suffix}`)
  const prerelease = whole !== undefined && PRERELEASE.test(suffix)
  // A part that is no version even alone, such as a number beyond 64 bits, is compared by nobody.
  if (parseVersion(version) === undefined) return plain('word', tag)
  const pattern = `^${quoted(prefix)}${numbers(version)}${prerelease ? '' : `${loosely(suffix)}$`}`
  return { kind, pattern, prefix, version, suffix, prerelease }
}

function plain(kind: 'date' | 'commit' | 'word', tag: string): TagShape {
  const pattern = `^${kind === 'word' ? quoted(tag) : loosely(tag)}$`
  return { kind, pattern, prefix: '', version: '', suffix: '', prerelease: false }
}

function numbers(version: string): string {
  return version.replaceAll('.', '\\.').replace(/[0-9]+/g, '\\d+')
}

/** As it is, except that hashes of commits and numbers may be others: numbers of a date with as many digits. */
function loosely(text: string): string {
  const parts = text.split(new RegExp(`(${COMMIT.source})`, 'g'))
  const hash = (part: string) => `${/^(?:g|sha)/.exec(part)?.[0] ?? ''}[0-9a-f]{7,40}`
  const isDate = DATE.test(text)
  const digits = (run: string) => (isDate && run.length > 1 ? `\\d{${run.length}}` : '\\d+')
  return parts
    .map((part, index) => (index % 2 === 1 ? hash(part) : quoted(part).replace(/[0-9]+/g, digits)))
    .join('')
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
