import type { Budget } from './budget.ts'
import { compareValues, equalValues } from './compare.ts'
import { escapeHtml, escapeJavaScript, escapeQuery } from './escape-text.ts'
import { FunctionError } from './function-error.ts'
import { indexed, lengthOf, sliced } from './indexing.ts'
import { printed, printedLine } from './print-value.ts'
import { formatted } from './printf.ts'
import { type GoValue, isTrue } from './value.ts'

type GoFunction = (values: readonly GoValue[], budget: Budget) => GoValue

interface Signature {
  readonly call: GoFunction
  /** How many arguments it takes. */
  readonly least: number
  readonly most?: number
}

const FUNCTIONS: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['and', { least: 1, call: (values) => values.find((value) => !isTrue(value)) ?? last(values) }],
  ['or', { least: 1, call: (values) => values.find(isTrue) ?? last(values) }],
  ['not', { least: 1, most: 1, call: ([value = null]) => !isTrue(value) }],
  ['len', { least: 1, most: 1, call: ([value = null]) => lengthOf(value) }],
  ['index', { least: 1, call: ([value = null, ...places]) => indexed(value, places) }],
  ['slice', { least: 1, most: 4, call: ([value = null, ...places]) => sliced(value, places) }],
  ['print', { least: 0, call: printed }],
  ['println', { least: 0, call: printedLine }],
  ['printf', { least: 1, call: ([format = null, ...values], budget) => formatted(format, values, budget) }],
  ['html', { least: 0, call: (values, budget) => escapeHtml(printed(values, budget)) }],
  ['js', { least: 0, call: (values, budget) => escapeJavaScript(printed(values, budget)) }],
  ['urlquery', { least: 0, call: (values, budget) => escapeQuery(printed(values, budget)) }],
  [
    'eq',
    { least: 2, call: ([first = null, ...others]) => others.some((other) => equalValues(first, other)) },
  ],
  ['ne', { least: 2, most: 2, call: ([a = null, b = null]) => !equalValues(a, b) }],
  ['lt', { least: 2, most: 2, call: ([a = null, b = null]) => compareValues(a, b) < 0 }],
  ['le', { least: 2, most: 2, call: ([a = null, b = null]) => compareValues(a, b) <= 0 }],
  ['gt', { least: 2, most: 2, call: ([a = null, b = null]) => compareValues(a, b) > 0 }],
  ['ge', { least: 2, most: 2, call: ([a = null, b = null]) => compareValues(a, b) >= 0 }],
])

export const FUNCTION_NAMES: readonly string[] = [...FUNCTIONS.keys()]

/**
 * Calls one of Go's predefined functions. `call` is missing: no value here is a function.
 *
 * @throws FunctionError for a wrong number or kind of arguments.
 */
export function callFunction(name: string, values: readonly GoValue[], budget: Budget): GoValue {
  const signature = FUNCTIONS.get(name)
  if (signature === undefined) throw new FunctionError(`there is no function "${name}"`)
  const { least, most = Number.POSITIVE_INFINITY, call } = signature
  if (values.length < least || values.length > most) {
    const wanted =
      least === most ? `${least}` : values.length < least ? `at least ${least}` : `at most ${most}`
    throw new FunctionError(
      `${name} takes ${wanted} argument${wanted.endsWith(' 1') || wanted === '1' ? '' : 's'}, not ${values.length}`,
    )
  }
  const result = call(values, budget)
  if (typeof result === 'string') budget.make(result.length)
  return result
}

function last(values: readonly GoValue[]): GoValue {
  return values.at(-1) ?? null
}
