import { compilePattern, PatternError } from './pattern.ts'

/** What of a tag a strategy compares; undefined when the tag does not fit the pattern. */
export type ComparedPart = (tag: string) => string | undefined

const GROUP = 'version'

/**
 * The part of a tag that a `tag-pattern` names with its group `version`; without a pattern, all of it.
 *
 * @throws PatternError when it is no RE2 pattern or has no group of that name.
 */
export function comparedPart(tagPattern: string | undefined): ComparedPart {
  if (tagPattern === undefined || tagPattern === '') return (tag) => tag
  const pattern = compilePattern(tagPattern)
  if (!pattern.groups.includes(GROUP)) {
    throw new PatternError(
      `"${tagPattern}" has no group named "${GROUP}"`,
      'Name the part to compare, for example ^release-(?P<version>.+)$',
    )
  }
  return (tag) => pattern.capture(tag, GROUP)
}
