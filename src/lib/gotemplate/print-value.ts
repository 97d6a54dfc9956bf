import type { Budget } from './budget.ts'
import { GoMap, GoStruct, type GoValue } from './value.ts'

/** Go's %v: lists as `[a b]`, maps as `map[key:value]`, structs as `{a b}`. */
export function valueText(value: GoValue, withNames = false): string {
  if (value === null) return '<nil>'
  if (typeof value === 'number') return floatText(value)
  if (value instanceof GoMap)
    return `map[${[...value.entries].map(([key, text]) => `${key}:${valueText(text, withNames)}`).join(' ')}]`
  if (value instanceof GoStruct) {
    const fields = [...value.fields].map(([name, field]) => {
      return `${withNames ? `${name}:` : ''}${valueText(field, withNames)}`
    })
    return `{${fields.join(' ')}}`
  }
  if (typeof value === 'object') return `[${value.map((item) => valueText(item, withNames)).join(' ')}]`
  return String(value)
}

/** Go's fmt.Sprint: a space between two values of which neither is a text. */
export function printed(values: readonly GoValue[], budget: Budget): string {
  let text = ''
  values.forEach((value, index) => {
    const before = values[index - 1]
    if (index > 0 && typeof value !== 'string' && typeof before !== 'string') text += ' '
    const next = valueText(value)
    budget.make(next.length)
    text += next
  })
  return text
}

/** Go's fmt.Sprintln: a space between all values, and a line feed at the end. */
export function printedLine(values: readonly GoValue[], budget: Budget): string {
  const text = `${values.map((value) => valueText(value)).join(' ')}\n`
  budget.make(text.length)
  return text
}

/** A float as Go prints it: shortest digits, with an exponent below 1e-04 and from 1e+21. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (value !== 0 && (power < -4 || power >= 21)) return `${digits}${exponentText(power)}`
  return String(value)
}

/** `e+06`: at least two digits, as Go writes them. */
export function exponentText(power: number): string {
  return `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
