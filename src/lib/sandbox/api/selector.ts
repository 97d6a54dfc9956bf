import { type JsonObject, objectAt, valueAt } from '../json.ts'
import type { ResourceType } from './resource-type.ts'
import { badRequest } from './status.ts'

export type Matcher = (object: JsonObject) => boolean

const KEY = /^(?:[a-z0-9.-]+\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/

/**
 * Reads a label selector (`app=web,tier!=db,env in (a,b),!canary`) into a test on objects.
 * @throws ApiStatusError 400 when it cannot be read.
 */
export function labelMatcher(selector: string): Matcher {
  const tests = splitRequirements(selector).map(labelRequirement)
  return (object) => {
    const labels = objectAt(object, 'metadata', 'labels')
    return tests.every((test) => test(labels))
  }
}

function labelRequirement(text: string): (labels: JsonObject) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = new Set(list.split(',').map((value) => value.trim()))
    requireKey(key, text)
    return (labels) => (labels[key] !== undefined && values.has(String(labels[key]))) === (operator === 'in')
  }
  const comparison = /^([^=!\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/.exec(text)
  if (comparison) {
    const [, key = '', operator, value = ''] = comparison
    requireKey(key, text)
    return (labels) => (labels[key] === value) === (operator !== '!=')
  }
  const key = text.replace(/^!\s*/, '')
  requireKey(key, text)
  return (labels) => Object.hasOwn(labels, key) !== text.startsWith('!')
}

function requireKey(key: string, text: string): void {
  if (!KEY.test(key)) throw badRequest(`unable to parse requirement: found "${text}"`)
}

/**
 * Reads a field selector (`metadata.name=x,status.phase!=Running`) into a test on objects.
 * @throws ApiStatusError 400 when a field cannot be selected by, as the API server does.
 */
export function fieldMatcher(selector: string, type: ResourceType): Matcher {
  const supported = new Set(['metadata.name', 'metadata.namespace', ...type.selectableFields])
  const tests = splitRequirements(selector).map((text) => {
    const match = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(text)
    if (!match) {
      throw badRequest(
        `Unable to parse field selector: invalid selector: '${selector}'; can't understand '${text}'`,
      )
    }
    const [, field = '', operator, value = ''] = match
    if (!supported.has(field)) throw badRequest(`field label not supported: ${field}`)
    return (object: JsonObject): boolean =>
      (String(valueAt(object, ...field.split('.')) ?? '') === value) === (operator !== '!=')
  })
  return (object) => tests.every((test) => test(object))
}

/** Splits at commas outside parentheses. */
function splitRequirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}
