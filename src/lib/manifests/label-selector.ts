import { UserError } from '../errors.ts'

/** `-l` or `--field-selector` cannot be read. */
export class SelectorError extends UserError {}

type Texts = Readonly<Record<string, string>>
type Test = (texts: Texts) => boolean

const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?$/

/** One condition of a label selector; a label that is not there fulfils `notin` and `absent`. */
export interface LabelRequirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | 'absent'
  /** Of `in` and `notin`. */
  readonly values: ReadonlySet<string>
}

/**
 * Reads a label selector as kubectl does: `app=web,tier!=cache,env in (a, b),env notin (c),owner,!canary`.
 *
 * @returns whether labels fulfil it
 * @throws SelectorError naming the part that cannot be read
 */
export function labelSelector(selector: string): Test {
  const wanted = labelRequirements(selector)
  return (labels) => wanted.every((requirement) => isFulfilled(requirement, labels))
}

/** The conditions of a label selector. @throws SelectorError naming the part that cannot be read */
export function labelRequirements(selector: string): LabelRequirement[] {
  return requirements(selector).map(readRequirement)
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

function readRequirement(text: string): LabelRequirement {
  const [, key = '', operator, list = ''] =
    /^([^\s=!]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text) ??
    /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(text) ??
    /^!?\s*([^\s=!]+)$/.exec(text) ??
    []
  const values = new Set(list.split(',').map((value) => value.trim()))
  if (!KEY.test(key) || [...values].some((value) => !VALUE.test(value))) {
    throw new SelectorError(
      `--selector: "${text}" cannot be read`,
      'Write app=web,tier!=cache or env in (a, b)',
    )
  }
  if (operator === undefined) return { key, operator: text.startsWith('!') ? 'absent' : 'exists', values }
  return { key, operator: operator === '!=' || operator === 'notin' ? 'notin' : 'in', values }
}

function isFulfilled({ key, operator, values }: LabelRequirement, labels: Texts): boolean {
  const has = Object.hasOwn(labels, key)
  if (operator === 'exists' || operator === 'absent') return has === (operator === 'exists')
  return (has && values.has(labels[key] ?? '')) === (operator === 'in')
}

/** Splits at commas outside parentheses. */
function requirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}
