import { UserError } from '../errors.ts'

/** `-l` or `--field-selector` cannot be read. */
export class SelectorError extends UserError {}

type Texts = Readonly<Record<string, string>>
type Test = (texts: Texts) => boolean

const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?$/

/**
 * Reads a label selector as kubectl does: `app=web,tier!=cache,env in (a, b),env notin (c),owner,!canary`.
 *
 * @returns whether labels fulfil it
 * @throws SelectorError naming the part that cannot be read
 */
export function labelSelector(selector: string): Test {
  const tests = requirements(selector).map(readRequirement)
  return (labels) => tests.every((test) => test(labels))
}

/** Reads a field selector; the fields of an Application that can be selected by are its name and its namespace. */
export function fieldSelector(selector: string): Test {
  const tests = requirements(selector).map((text): Test => {
    const [, field = '', operator, value = ''] = /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(text) ?? []
    if (field !== 'metadata.name' && field !== 'metadata.namespace') {
      throw new SelectorError(
        `--field-selector: "${text}" is not supported`,
        'Select by metadata.name=… or metadata.namespace=…',
      )
    }
    return (fields) => ((fields[field] ?? '') === value) === (operator !== '!=')
  })
  return (fields) => tests.every((test) => test(fields))
}

function readRequirement(text: string): Test {
  const [, key = '', operator, values = ''] =
    /^([^\s=!]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text) ??
    /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(text) ??
    /^!?\s*([^\s=!]+)$/.exec(text) ??
    []
  const wanted = new Set(values.split(',').map((value) => value.trim()))
  if (!KEY.test(key) || [...wanted].some((value) => !VALUE.test(value))) {
    throw new SelectorError(
      `--selector: "${text}" cannot be read`,
      'Write app=web,tier!=cache or env in (a, b)',
    )
  }
  const has = (labels: Texts) => Object.hasOwn(labels, key)
  if (operator === undefined) return (labels) => has(labels) !== text.startsWith('!')
  const negative = operator === '!=' || operator === 'notin'
  return (labels) => (has(labels) && wanted.has(labels[key] ?? '')) !== negative
}

/** Splits at commas outside parentheses. */
function requirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}
