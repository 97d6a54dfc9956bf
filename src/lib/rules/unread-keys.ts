import {
  ANNOTATION_PREFIX,
  FUTURE_SETTINGS,
  KEYS_OF_AN_APPLICATION,
  KEYS_OF_AN_IMAGE,
} from './annotation-keys.ts'
import { nearestWord } from './nearest.ts'
import type { RuleOrigin, RuleProblem } from './update-rule.ts'
import { parseBoolean } from './values.ts'
import type { Annotations } from './written-settings.ts'

/**
 * Problems of all annotations under the updater's prefix that no rule is made of: keys of a later version
 * (an error where ignoring them would harm what their author wanted to protect) and keys that do not exist.
 */
export function unreadKeys(
  annotations: Annotations,
  aliases: readonly string[],
  origin: RuleOrigin,
): RuleProblem[] {
  return Object.entries(annotations)
    .filter(([name]) => name.startsWith(ANNOTATION_PREFIX))
    .flatMap(([name, text]) => {
      const problem = unreadKey(name.slice(ANNOTATION_PREFIX.length), text.trim(), aliases)
      return problem ? [{ origin, value: text.trim(), ...problem }] : []
    })
}

/** With more images than this, the nearest key is looked for among the first only. */
const MOST_COMPARED = 10

type Problem = Pick<RuleProblem, 'severity' | 'alias' | 'key' | 'problem' | 'remedy'>

function unreadKey(key: string, text: string, aliases: readonly string[]): Problem | undefined {
  const alias = longestAliasOf(key, aliases)
  if (alias === '' && KEYS_OF_AN_APPLICATION.includes(key)) return futureKey(key, '', key, text)
  if (alias === '') return unknownKey(key, aliases)
  const setting = key.slice(alias.length + 1)
  if (KEYS_OF_AN_IMAGE.includes(setting)) return futureKey(setting, alias, key, text)
  const nearest = nearestWord(setting, KEYS_OF_AN_IMAGE)
  const remedy = nearest
    ? `Did you mean ${alias}.${nearest}?`
    : `An image takes ${KEYS_OF_AN_IMAGE.join(', ')}`
  return { severity: 'warning', alias, key, problem: `"${key}" is not an annotation of the updater`, remedy }
}

/** Aliases may hold dots: of `app` and `app.web`, the key `app.web.platforms` belongs to the longer one. */
function longestAliasOf(key: string, aliases: readonly string[]): string {
  const owners = aliases.filter((alias) => alias !== '' && key.startsWith(`${alias}.`))
  return owners.reduce((longest, alias) => (alias.length > longest.length ? alias : longest), '')
}

function futureKey(setting: string, alias: string, key: string, text: string): Problem | undefined {
  const future = FUTURE_SETTINGS.get(setting)
  if (future === undefined || text === '' || (setting === 'hold' && isFalse(text))) return undefined
  const problem = `"${setting}" is not honoured by this version (${future.meaning})`
  if (!future.protects)
    return { severity: 'warning', alias, key, problem, remedy: 'Remove it, or do not rely on it' }
  return {
    severity: 'error',
    alias,
    key,
    problem: `${problem}, so nothing is updated against it`,
    remedy: 'Remove it if the image may be updated all the same',
  }
}

function unknownKey(key: string, aliases: readonly string[]): Problem {
  const setting = KEYS_OF_AN_IMAGE.find((known) => key.endsWith(`.${known}`))
  const problem = `"${key}" is not an annotation of the updater`
  if (setting === undefined) {
    const nearest = nearestWord(key, [
      ...KEYS_OF_AN_APPLICATION,
      ...aliases
        .slice(0, MOST_COMPARED)
        .flatMap((alias) => KEYS_OF_AN_IMAGE.map((known) => `${alias}.${known}`)),
    ])
    const owner = aliases.find((alias) => alias !== '') ?? '<alias>'
    const ofImage = KEYS_OF_AN_IMAGE.includes(key) ? `${owner}.${key}` : nearest
    const remedy = ofImage ? `Did you mean ${ofImage}?` : `Known are ${KEYS_OF_AN_APPLICATION.join(', ')}`
    return { severity: 'warning', alias: '', key, problem, remedy }
  }
  const alias = key.slice(0, -setting.length - 1)
  const nearest = nearestWord(
    alias,
    aliases.filter((known) => known !== ''),
  )
  return {
    severity: 'warning',
    alias: '',
    key,
    problem: `image-list has no image with the alias "${alias}"`,
    remedy: nearest
      ? `Did you mean ${nearest}.${setting}?`
      : `Add ${alias}=<image> to image-list, or remove the annotation`,
  }
}

function isFalse(text: string): boolean {
  try {
    return !parseBoolean(text)
  } catch {
    return false
  }
}
