import { amount } from '../amount.ts'
import type { StrategyName } from '../policy/strategy-name.ts'
import { createTagFilter } from '../policy/tag-filter.ts'
import { hasAffix, type TagShape, tagShape, versionPattern } from '../policy/tag-shape.ts'
import { parseVersion } from '../version/version.ts'

/** How the tags of one repository could be followed. '' where a setting is not needed. */
export interface RuleSuggestion {
  readonly strategy: StrategyName
  /** A range for semver, the tag to follow for digest. */
  readonly constraint: string
  readonly tagFilter: string
  readonly tagPattern: string
  /** One line for people. */
  readonly reason: string
}

/** A tag with what its text tells. */
interface Shaped {
  readonly tag: string
  readonly shape: TagShape
}

/** Moving tags, those that are most likely meant first. */
const USUAL_WORDS = ['production', 'prod', 'stable', 'latest', 'main', 'master']
/** semver takes digits alone for a version above all others: the same filter that lint advises. */
const WITH_DOT = '^v?[0-9]+\\.'

/**
 * Ways to follow a repository, the likeliest first and each strategy at most once. What runs decides: its
 * like is looked for. Where nothing runs, what most tags are made like comes first.
 *
 * @param tags all tags of the repository, in any order
 * @param running the tag that runs, '' where none does
 */
export function suggestRules(tags: readonly string[], running: string): readonly RuleSuggestion[] {
  const images = createTagFilter()
  const shaped = tags.filter((tag) => images.judge(tag) === undefined).map(withShape)
  const families = [...Map.groupBy(shaped, ({ shape }) => familyOf(shape)).values()]
    .toSorted((a, b) => b.length - a.length || ((a[0]?.tag ?? '') < (b[0]?.tag ?? '') ? -1 : 1))
    .flatMap(([first]) => first ?? [])
  const typical = families.filter(({ shape }) => shape.kind !== 'word')
  const words = USUAL_WORDS.filter((word) => tags.includes(word)).map(withShape)
  const found = [
    ...(running === '' ? [] : suggestionsFor(withShape(running), shaped, running)),
    ...[...typical, ...words].flatMap((example) => suggestionsFor(example, shaped, running)),
  ]
  return found.filter(
    ({ strategy }, index) => found.findIndex((other) => other.strategy === strategy) === index,
  )
}

/** Where the names of dates or commits differ in length only, they are of one family. */
function familyOf({ kind, pattern }: TagShape): string {
  return kind === 'word' ? 'word' : `${kind} ${pattern}`
}

function suggestionsFor(example: Shaped, all: readonly Shaped[], running: string): RuleSuggestion[] {
  const { tag, shape } = example
  switch (shape.kind) {
    case 'version':
    case 'number':
      return versionSuggestions(example, all, running)
    case 'date':
      return [
        {
          ...NOTHING,
          strategy: 'alphabetical',
          tagFilter: shape.pattern,
          reason: `${alike(shape, all)} with a date, such as ${tag}: the last in text order is the newest`,
        },
      ]
    case 'commit':
      return [
        {
          ...NOTHING,
          strategy: 'newest-build',
          tagFilter: shape.pattern,
          reason: `${alike(shape, all)} with a commit, such as ${tag}, which tells no order: the one pushed last is taken`,
        },
      ]
    case 'word':
      return [
        {
          ...NOTHING,
          strategy: 'digest',
          constraint: tag,
          reason: `"${tag}" names no version, so it is moved: what it points to is followed`,
        },
      ]
  }
}

function versionSuggestions(example: Shaped, all: readonly Shaped[], running: string): RuleSuggestion[] {
  const { tag, shape } = example
  const finer = all.filter(({ shape: other }) => refines(other, shape))
  const [first] = finer
  if (!first) return [semverSuggestion(example, all, running)]
  const moved: RuleSuggestion = {
    ...NOTHING,
    strategy: 'digest',
    constraint: tag,
    reason: `"${tag}" is moved from release to release, since ${first.tag} is there as well: what it points to is followed`,
  }
  const longest = finer.reduce((a, b) => (dots(b) > dots(a) ? b : a))
  const versions = semverSuggestion(longest, all, running)
  return tag === running ? [moved, versions] : [versions, moved]
}

function semverSuggestion({ tag, shape }: Shaped, all: readonly Shaped[], running: string): RuleSuggestion {
  const constraint = rangeAround(running, shape)
  if (hasAffix(shape)) {
    const around = [shape.prefix && `${shape.prefix}…`, shape.suffix && `…${shape.suffix}`].filter(Boolean)
    return {
      ...NOTHING,
      strategy: 'semver',
      constraint,
      tagPattern: versionPattern(shape),
      reason: `${alike(shape, all)} with a version in ${around.join(' ')}, such as ${tag}: only the version is compared`,
    }
  }
  const confusing =
    shape.kind === 'version' &&
    all.some(({ tag: other, shape: { kind } }) => kind !== 'version' && isRelease(other))
  const filter = confusing ? WITH_DOT : ''
  return {
    ...NOTHING,
    strategy: 'semver',
    constraint,
    tagFilter: shape.kind === 'number' ? shape.pattern : filter,
    reason: `${alike(shape, all)} as ${shape.kind === 'number' ? 'numbers' : 'versions'}, such as ${tag}: the highest is taken`,
  }
}

/** Up to the next major version of what runs; '' where that names no version made like the others. */
function rangeAround(running: string, { kind, prefix }: TagShape): string {
  const own = tagShape(running)
  const version = parseVersion(own.version)
  if (kind !== 'version' || own.prefix !== prefix || version === undefined) return ''
  if (own.kind === 'number') return `^${version.major}`
  if (own.prerelease) return `>=${version.major}.${version.minor}.${version.patch}-0`
  return `^${version.major}.${version.minor}`
}

/** Whether a tag names a release that the other one only names the beginning of: `1.25.3` of `1.25`. */
function refines(finer: TagShape, { prefix, version, suffix }: TagShape): boolean {
  return finer.prefix === prefix && finer.suffix === suffix && finer.version.startsWith(`${version}.`)
}

function dots({ shape }: Shaped): number {
  return shape.version.split('.').length
}

function isRelease(tag: string): boolean {
  return parseVersion(tag)?.prerelease === ''
}

function withShape(tag: string): Shaped {
  return { tag, shape: tagShape(tag) }
}

function alike(shape: TagShape, all: readonly Shaped[]): string {
  const same = all.filter((other) => familyOf(other.shape) === familyOf(shape)).length
  return `${amount(same, 'tag is', 'tags are')} named`
}

const NOTHING = { constraint: '', tagFilter: '', tagPattern: '' }
