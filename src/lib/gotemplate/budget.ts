import { FunctionError } from './function-error.ts'

/** What one rendering may cost at most. */
export interface Limits {
  /** Nodes and function calls. */
  readonly steps: number
  /** Characters that functions may make altogether, most of which are never printed. */
  readonly made: number
  /** Characters of the result. */
  readonly output: number
}

/**
 * For templates and data that others wrote, such as those of commit messages: a hundred Applications of twenty
 * images need about a tenth.
 */
export const STRICT: Limits = { steps: 100_000, made: 1_000_000, output: 64 * 1024 }

/** For a template that the operator typed: tens of thousands of rows, and still an end. */
export const GENEROUS: Limits = { steps: 20_000_000, made: 64 * 1024 * 1024, output: 64 * 1024 * 1024 }

/** What one rendering has cost. A template that goes beyond its limits is stopped, whatever it does. */
export class Budget {
  readonly #limits: Limits
  #steps = 0
  #made = 0
  #written = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  step(): void {
    const { steps } = this.#limits
    if (++this.#steps > steps) throw new FunctionError(`the template takes more than ${steps} steps`)
  }

  /** Asked before text of `length` characters is made. */
  make(length: number): void {
    this.#made += length
    if (this.#made > this.#limits.made) throw new FunctionError('the template makes too much text')
  }

  write(length: number): void {
    const { output } = this.#limits
    this.#written += length
    if (this.#written > output) throw new FunctionError(`the text becomes longer than ${output} characters`)
  }
}
