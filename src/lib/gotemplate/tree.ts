import type { GoValue } from './value.ts'

/** A template as it was read. `at` is the offset of the place that an error names. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | Action
  | Control
  | TemplateCall
  | Leaving

export interface Action {
  readonly kind: 'action'
  readonly pipeline: Pipeline
  readonly at: number
}

export interface Control {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipeline: Pipeline
  readonly body: Body
  readonly otherwise: Body
  readonly at: number
}

export interface TemplateCall {
  readonly kind: 'template'
  readonly name: string
  readonly pipeline?: Pipeline
  readonly at: number
}

export interface Leaving {
  readonly kind: 'leave'
  readonly how: 'break' | 'continue'
}

export type Body = readonly Node[]

export interface Pipeline {
  /** `$x`, or `$index` and `$element` of a range; empty where it has none. */
  readonly variables: readonly string[]
  /** `=` and not `:=`. */
  readonly assigns: boolean
  readonly commands: readonly Command[]
  readonly at: number
}

export interface Command {
  readonly operands: readonly Operand[]
  readonly at: number
}

/** An argument, with the fields that follow it: `$x.A.B`, `(index .L 0).Name`. */
export interface Operand {
  readonly base:
    | { readonly kind: 'dot' }
    | { readonly kind: 'literal'; readonly value: GoValue }
    | { readonly kind: 'variable'; readonly name: string }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'group'; readonly pipeline: Pipeline }
  readonly fields: readonly { readonly name: string; readonly at: number }[]
  readonly at: number
}
