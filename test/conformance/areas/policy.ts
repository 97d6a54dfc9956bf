import type { Candidate } from '../../../src/lib/policy/candidate.ts'
import { createStrategy } from '../../../src/lib/policy/create-strategy.ts'
import { GlobError, parseGlob } from '../../../src/lib/policy/glob.ts'
import { conclude, shortlist } from '../../../src/lib/policy/select.ts'
import { readStrategyName, STRATEGY_TRAITS } from '../../../src/lib/policy/strategy-name.ts'
import {
  createTagFilter,
  TagFilterError,
  type TagFilterSettings,
} from '../../../src/lib/policy/tag-filter.ts'
import { parseConstraint } from '../../../src/lib/version/constraint.ts'
import { compareVersions, formatVersion, parseVersion } from '../../../src/lib/version/version.ts'

interface TagInput {
  readonly name: string
  readonly date: number
  readonly digest?: string
}

export const areas = {
  'tag-sort': (input: { strategy: string; tags: TagInput[] }) => {
    const strategy = createStrategy(readStrategyName(input.strategy).name)
    const { ranked } = strategy.rank(input.tags.map(candidate), new Date())
    return ranked.map(({ tag }) => tag).reverse()
  },
  'newest-version': (input: { strategy: string; constraint: string; tags: TagInput[] }) => {
    const strategy = createStrategy(readStrategyName(input.strategy).name, { constraint: input.constraint })
    const list = shortlist({ filter: createTagFilter(), strategy }, input.tags.map(candidate))
    const { winner } = conclude(list, strategy.rank(list.candidates, new Date()))
    return winner ? { tag: winner.tag, digest: winner.digest } : null
  },
  'update-strategy': (text: string) => readStrategyName(text).name,
  'strategy-traits': (text: string) => {
    const { needs, followsOneTag } = STRATEGY_TRAITS[readStrategyName(text).name]
    return {
      cacheable: !followsOneTag,
      needs_constraint: followsOneTag,
      needs_metadata: needs === 'dates',
      only_constraint_tag: followsOneTag,
    }
  },
  'semver-parse': (text: string) => {
    const version = parseVersion(text)
    if (version === undefined) return { valid: false }
    const { prerelease, metadata } = version
    return { valid: true, canonical: formatVersion(version), prerelease, metadata }
  },
  'semver-compare': (input: { a: string; b: string }) => compareVersions(read(input.a), read(input.b)),
  'semver-constraint': (input: { constraint: string; version: string }) => ({
    match: parseConstraint(input.constraint).check(read(input.version)).match,
  }),
  'allow-tags': (input: { value: string; tag: string }) => passes({ allowTags: input.value }, input.tag),
  // The original skips a malformed glob, where the product refuses the rule: hence one filter a glob.
  'ignore-tags': (input: { patterns: string[]; tag: string }) =>
    input.patterns.some((pattern) => {
      try {
        return createTagFilter({ ignoreTags: [pattern] }).judge(input.tag)?.stage === 'ignore-tags'
      } catch (error) {
        return !(error instanceof TagFilterError)
      }
    }),
  'app-name-pattern': (input: { name: string; pattern: string }) => {
    try {
      return { match: parseGlob(input.pattern).matches(input.name) }
    } catch (error) {
      return { match: false, error: error instanceof GlobError }
    }
  },
  'app-name-patterns': (input: { name: string; patterns: string[] }) =>
    input.patterns.length === 0 ||
    input.patterns.some((pattern) => {
      try {
        return parseGlob(pattern).matches(input.name)
      } catch {
        return false
      }
    }),
}

function candidate(tag: TagInput): Candidate {
  return {
    tag: tag.name,
    createdAt: new Date(tag.date * 1000),
    ...(tag.digest !== undefined && { digest: tag.digest }),
  }
}

/** A filter that cannot be read lets nothing through. */
function passes(settings: TagFilterSettings, tag: string): boolean {
  try {
    return createTagFilter(settings).judge(tag) === undefined
  } catch (error) {
    if (error instanceof TagFilterError) return false
    throw error
  }
}

function read(text: string) {
  const version = parseVersion(text)
  if (version === undefined) throw new Error(`not a version: ${text}`)
  return version
}
