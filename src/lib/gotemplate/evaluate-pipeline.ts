import type { Budget } from './budget.ts'
import { FunctionError } from './function-error.ts'
import { callFunction } from './functions.ts'
import type { TemplateSource } from './template-error.ts'
import type { Command, Operand, Pipeline } from './tree.ts'
import { GoMap, GoStruct, type GoValue, isTrue, typeName } from './value.ts'
import type { Variables } from './variables.ts'

/** Where a pipeline is evaluated: dot, the variables in sight, and what it may cost. */
export interface Surroundings {
  readonly dot: GoValue
  readonly variables: Variables
  readonly source: TemplateSource
  readonly budget: Budget
}

/** The value of a pipeline; each command receives the value of the one before as its last argument. */
export function evaluatePipeline(pipeline: Pipeline, around: Surroundings): GoValue {
  let value: GoValue | undefined
  for (const command of pipeline.commands) value = evaluateCommand(command, value, around)
  return value ?? null
}

function evaluateCommand(command: Command, piped: GoValue | undefined, around: Surroundings): GoValue {
  const [first, ...others] = command.operands
  if (first === undefined) return null
  const { base } = first
  if (base.kind === 'function' && first.fields.length === 0)
    return call(base.name, command, others, piped, around)
  if (others.length > 0 || piped !== undefined) {
    throw around.source.error(
      command.at,
      'only a function takes arguments',
      'Print values with {{ … }} each, or use print',
    )
  }
  return evaluateOperand(first, around)
}

function call(
  name: string,
  command: Command,
  operands: readonly Operand[],
  piped: GoValue | undefined,
  around: Surroundings,
): GoValue {
  const { budget, source } = around
  try {
    budget.step()
    const values: GoValue[] = []
    for (const operand of operands) {
      const value = evaluateOperand(operand, around)
      values.push(value)
      // As in Go, what comes after the decision is not evaluated, and may be wrong.
      if ((name === 'and' && !isTrue(value)) || (name === 'or' && isTrue(value))) return value
    }
    return callFunction(name, piped === undefined ? values : [...values, piped], budget)
  } catch (error) {
    if (error instanceof FunctionError) throw source.error(command.at, error.message)
    throw error
  }
}

function evaluateOperand(operand: Operand, around: Surroundings): GoValue {
  const base = baseValue(operand, around)
  return operand.fields.reduce((value, { name, at }) => fieldOf(value, name, at, around), base)
}

function baseValue({ base, at }: Operand, around: Surroundings): GoValue {
  if (base.kind === 'dot') return around.dot
  if (base.kind === 'literal') return base.value
  if (base.kind === 'group') return evaluatePipeline(base.pipeline, around)
  if (base.kind === 'function') return call(base.name, { operands: [], at }, [], undefined, around)
  const value = around.variables.get(base.name)
  if (value === undefined) throw around.source.error(at, `the variable ${base.name} has no value here`)
  return value
}

function fieldOf(value: GoValue, name: string, at: number, around: Surroundings): GoValue {
  const { source } = around
  if (value instanceof GoMap) {
    const entry = value.entries.get(name)
    if (entry !== undefined) return entry
    if (value.missing === 'error') throw source.error(at, `there is no .${name}`)
    return value.missing
  }
  // As in Go: what is not there has no fields either, and is no error, where the data is JSON.
  if (value === null && isJson(around)) return null
  if (!(value instanceof GoStruct)) {
    throw source.error(
      at,
      `.${name} is asked of ${value === null ? 'nil' : `a ${typeName(value)}`}, which has no fields`,
    )
  }
  const field = value.fields.get(name)
  if (field !== undefined) return field
  const known = [...value.fields.keys()].map((other) => `.${other}`).join(', ')
  throw source.error(at, `${value.name} has no field .${name}`, `It has ${known}`)
}

/** Whether the template works on JSON rather than on structs. */
function isJson({ variables }: Surroundings): boolean {
  const root = variables.get('$')
  return root instanceof GoMap && root.missing !== ''
}
