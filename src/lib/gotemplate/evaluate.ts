import { Budget, type Limits } from './budget.ts'
import { evaluatePipeline, type Surroundings } from './evaluate-pipeline.ts'
import { FunctionError } from './function-error.ts'
import type { ParsedTemplate } from './parser.ts'
import { valueText } from './print-value.ts'
import type { TemplateSource } from './template-error.ts'
import type { Action, Body, Control, Leaving, Node, Pipeline, TemplateCall } from './tree.ts'
import { GoMap, type GoValue, isTrue, typeName } from './value.ts'
import { Variables } from './variables.ts'

/** Templates calling templates. */
const DEEPEST_CALL = 100

/** How a body ended: `break` and `continue` end those around it up to the range. */
type Leave = Leaving['how'] | undefined

/**
 * The text that a template makes of `data`.
 *
 * @throws GoTemplateError where the data does not fit, or the template costs too much.
 */
export function evaluateTemplate(
  template: ParsedTemplate,
  data: GoValue,
  source: TemplateSource,
  limits: Limits,
): string {
  const evaluation = new Evaluation(template, source, limits)
  evaluation.run(template.main, data, new Variables(data))
  return evaluation.text
}

class Evaluation {
  readonly #template: ParsedTemplate
  readonly #source: TemplateSource
  readonly #budget: Budget
  #calls = 0
  text = ''

  constructor(template: ParsedTemplate, source: TemplateSource, limits: Limits) {
    this.#budget = new Budget(limits)
    this.#template = template
    this.#source = source
  }

  run(body: Body, dot: GoValue, variables: Variables): Leave {
    for (const node of body) {
      const leave = this.#node(node, { dot, variables, source: this.#source, budget: this.#budget })
      if (leave !== undefined) return leave
    }
    return undefined
  }

  #node(node: Node, around: Surroundings): Leave {
    if (node.kind === 'text') {
      this.#write(node.text, 0)
      return undefined
    }
    if (node.kind === 'leave') return node.how
    this.#step(node.at)
    if (node.kind === 'action') return this.#print(node, around)
    if (node.kind === 'template') return this.#call(node, around)
    const { mark } = around.variables
    const leave = node.kind === 'range' ? this.#range(node, around) : this.#branch(node, around)
    around.variables.forgetSince(mark)
    return leave
  }

  #print({ pipeline, at }: Action, around: Surroundings): undefined {
    const value = this.#value(pipeline, around)
    if (pipeline.variables.length === 0) this.#write(value === null ? '<no value>' : valueText(value), at)
  }

  #branch(node: Control, around: Surroundings): Leave {
    const value = this.#value(node.pipeline, around)
    if (!isTrue(value)) return this.run(node.otherwise, around.dot, around.variables)
    return this.run(node.body, node.kind === 'with' ? value : around.dot, around.variables)
  }

  #range(node: Control, around: Surroundings): Leave {
    const { variables } = around
    const value = evaluatePipeline(node.pipeline, around)
    const { mark } = variables
    let empty = true
    for (const [key, element] of this.#elements(value, node.at)) {
      empty = false
      this.#step(node.at)
      const values = node.pipeline.variables.length === 2 ? [key, element] : [element]
      this.#declare(node.pipeline, values, variables)
      const leave = this.run(node.body, element, variables)
      variables.forgetSince(mark)
      if (leave === 'break') break
    }
    return empty ? this.run(node.otherwise, around.dot, variables) : undefined
  }

  *#elements(value: GoValue, at: number): Generator<readonly [GoValue, GoValue]> {
    if (value === null) return
    if (value instanceof GoMap) {
      yield* value.entries
    } else if (typeof value === 'bigint') {
      for (let index = 0n; index < value; index++) yield [index, index]
    } else if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly GoValue[]).entries()) yield [BigInt(index), item]
    } else {
      throw this.#source.error(at, `range goes over lists, maps and integers, not over ${typeName(value)}`)
    }
  }

  #call(node: TemplateCall, around: Surroundings): undefined {
    const body = this.#template.named.get(node.name)
    if (body === undefined) throw this.#source.error(node.at, `no template "${node.name}" is defined`)
    if (++this.#calls > DEEPEST_CALL)
      throw this.#source.error(node.at, `templates call each other deeper than ${DEEPEST_CALL}`)
    const data = node.pipeline === undefined ? null : evaluatePipeline(node.pipeline, around)
    this.run(body, data, new Variables(data))
    this.#calls--
  }

  /** The value of a pipeline, given to its variables. */
  #value(pipeline: Pipeline, around: Surroundings): GoValue {
    const value = evaluatePipeline(pipeline, around)
    this.#declare(pipeline, [value], around.variables)
    return value
  }

  #declare({ variables: names, assigns }: Pipeline, values: readonly GoValue[], variables: Variables): void {
    for (const [index, name] of names.entries()) {
      const value = values[index] ?? null
      if (assigns) variables.assign(name, value)
      else variables.declare(name, value)
    }
  }

  #write(text: string, at: number): void {
    this.#charge(at, () => this.#budget.write(text.length))
    this.text += text
  }

  #step(at: number): void {
    this.#charge(at, () => this.#budget.step())
  }

  #charge(at: number, spend: () => void): void {
    try {
      spend()
    } catch (error) {
      if (error instanceof FunctionError) throw this.#source.error(at, error.message)
      throw error
    }
  }
}
