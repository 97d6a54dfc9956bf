import { editDistance, nearestWord, nearestWords } from '../nearest.ts'
import {
  ANNOTATION_PREFIX,
  KEYS_OF_AN_APPLICATION,
  KEYS_OF_AN_IMAGE,
  protectsImages,
} from './annotation-keys.ts'
import type { RuleOrigin, RuleProblem } from './update-rule.ts'
import type { Annotations } from './written-settings.ts'

/**
 * Problems of all annotations under the updater's prefix that no rule is made of: keys of a later version and
 * keys that do not exist (an error where one resembles a key that protects the image).
 */
export function unreadKeys(
  annotations: Annotations,
  aliases: readonly string[],
  origin: RuleOrigin,
): RuleProblem[] {
  return Object.entries(annotations)
    .filter(([name]) => name.startsWith(ANNOTATION_PREFIX))
    .flatMap(([name, text]) => {
      const problem = unreadKey(name.slice(ANNOTATION_PREFIX.length), aliases)
      return problem ? [{ origin, value: text.trim(), ...problem }] : []
    })
}

/** With more images than this, the nearest key is looked for among the first only. */
const MOST_COMPARED = 10

type Problem = Pick<RuleProblem, 'severity' | 'code' | 'alias' | 'key' | 'problem' | 'remedy'>

function unreadKey(key: string, aliases: readonly string[]): Problem | undefined {
  const alias = longestAliasOf(key, aliases)
  if (alias === '' && KEYS_OF_AN_APPLICATION.includes(key)) return undefined
  const setting = key.slice(alias === '' ? 0 : alias.length + 1)
  if (alias !== '' && KEYS_OF_AN_IMAGE.includes(setting)) return undefined
  const stranger = alias === '' ? strangeAlias(key) : undefined
  if (stranger !== undefined) return unknownAlias(stranger, key, aliases)
  return unknownKey(key, alias, aliases)
}

/**
 * The keys that somebody may have meant by one that does not exist: those that need equally few edits, and
 * none fewer. For a setting of an image that stands alone, the same of every image.
 */
export function nearKeys(key: string, aliases: readonly string[]): readonly string[] {
  const alias = longestAliasOf(key, aliases)
  if (alias !== '') {
    return nearestWords(key.slice(alias.length + 1), KEYS_OF_AN_IMAGE).map((known) => `${alias}.${known}`)
  }
  const named = aliases.filter((known) => known !== '')
  if (KEYS_OF_AN_IMAGE.includes(key)) return named.map((owner) => `${owner}.${key}`)
  return nearestWords(key, [
    ...KEYS_OF_AN_APPLICATION,
    ...named.slice(0, MOST_COMPARED).flatMap((owner) => KEYS_OF_AN_IMAGE.map((known) => `${owner}.${known}`)),
  ])
}

/** Aliases may hold dots: of `app` and `app.web`, the key `app.web.platforms` belongs to the longer one. */
function longestAliasOf(key: string, aliases: readonly string[]): string {
  const owners = aliases.filter((alias) => alias !== '' && key.startsWith(`${alias}.`))
  return owners.reduce((longest, alias) => (alias.length > longest.length ? alias : longest), '')
}

/** What stands before a setting of an image; undefined when the key does not end in one. */
function strangeAlias(key: string): string | undefined {
  const setting = KEYS_OF_AN_IMAGE.find((known) => key.endsWith(`.${known}`))
  return setting === undefined ? undefined : key.slice(0, -setting.length - 1)
}

function unknownAlias(alias: string, key: string, aliases: readonly string[]): Problem {
  const nearest = nearestWord(
    alias,
    aliases.filter((known) => known !== ''),
  )
  const problem = `image-list has no image with the alias "${alias}"`
  const setting = key.slice(alias.length + 1)
  if (nearest !== undefined && protectsImages(setting)) {
    return {
      severity: 'error',
      code: 'misspelt-protection',
      alias: nearest,
      key,
      problem: `${problem}, and ${setting} protects: ${nearest} is not updated against it`,
      remedy: `Did you mean ${nearest}.${setting}?`,
    }
  }
  return {
    severity: 'warning',
    code: 'unknown-alias',
    alias: '',
    key,
    problem,
    remedy: nearest
      ? `Did you mean ${nearest}.${setting}?`
      : `Add ${alias}=<image> to image-list, or remove the annotation`,
  }
}

function unknownKey(key: string, alias: string, aliases: readonly string[]): Problem {
  const [nearest = KEYS_OF_AN_IMAGE.includes(key) ? `<alias>.${key}` : undefined] = nearKeys(key, aliases)
  const problem = `"${key}" is not an annotation of the updater`
  if (nearest === undefined) {
    const known = alias === '' ? KEYS_OF_AN_APPLICATION : KEYS_OF_AN_IMAGE
    const remedy = `${alias === '' ? 'Known are' : 'An image takes'} ${known.join(', ')}`
    return { severity: 'warning', code: 'unknown-key', alias, key, problem, remedy }
  }
  const remedy = `Did you mean ${nearest}?`
  const protection = alias === '' ? nearest : nearest.slice(alias.length + 1)
  if (!protectsImages(protection) || editDistance(key, nearest) > allowedEdits(protection)) {
    return { severity: 'warning', code: 'misspelt-key', alias, key, problem, remedy }
  }
  return {
    severity: 'error',
    code: 'misspelt-protection',
    alias,
    key,
    problem: `${problem}, and ${nearest}, which it resembles, protects: nothing is updated against it`,
    remedy,
  }
}

/** Short words resemble each other by chance. */
function allowedEdits(setting: string): number {
  return setting.length > 5 ? 2 : 1
}
