import { parse } from 'yaml'
import type { ObjectField } from '../application/object-field.ts'

const DEEPEST = 12
const MOST_NAMES = 2_000
const LONGEST_VALUES = 262_144

/**
 * Every parameter that a source sets: by name, by its values as an object, and by its values as text. A chart
 * may know more.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape
 */
export function helmParameters(source: ObjectField): readonly string[] {
  const helm = source.member('helm')
  const lists = [...helm.member('parameters').items(), ...helm.member('fileParameters').items()]
  const names = new Set(lists.map((parameter) => parameter.member('name').text()))
  for (const values of [helm.member('valuesObject').value, valuesFromText(helm.member('values').text())]) {
    collectLeaves(values, '', DEEPEST, names)
  }
  return [...names].filter((name) => name !== '')
}

/** Undefined for text that is no YAML: Argo CD tells that, and it is not about the rule. */
function valuesFromText(text: string): unknown {
  if (text === '' || text.length > LONGEST_VALUES) return undefined
  try {
    return parse(text, { maxAliasCount: 20, logLevel: 'silent' })
  } catch {
    return undefined
  }
}

function collectLeaves(value: unknown, path: string, depth: number, names: Set<string>): void {
  if (names.size >= MOST_NAMES || depth === 0 || value === undefined || value === null) return
  if (typeof value !== 'object' || Array.isArray(value)) {
    if (path !== '') names.add(path)
    return
  }
  for (const [name, member] of Object.entries(value)) {
    collectLeaves(member, path === '' ? name : `${path}.${name}`, depth - 1, names)
  }
}
