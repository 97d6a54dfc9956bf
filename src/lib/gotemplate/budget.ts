import { FunctionError } from './function-error.ts'

/** Nodes and function calls of one rendering: a hundred Applications of twenty images need about a tenth. */
const MOST_STEPS = 100_000
/** Characters that functions may make altogether, most of which are never printed. */
const MOST_MADE = 1_000_000
/** Characters of the result. */
const MOST_OUTPUT = 64 * 1024

/** What one rendering may cost. A template that goes beyond is stopped, whatever it does. */
export class Budget {
  #steps = 0
  #made = 0
  #written = 0

  step(): void {
    if (++this.#steps > MOST_STEPS)
      throw new FunctionError(`the template takes more than ${MOST_STEPS} steps`)
  }

  /** Asked before text of `length` characters is made. */
  make(length: number): void {
    this.#made += length
    if (this.#made > MOST_MADE) throw new FunctionError('the template makes too much text')
  }

  write(length: number): void {
    this.#written += length
    if (this.#written > MOST_OUTPUT) {
      throw new FunctionError(`the text becomes longer than ${MOST_OUTPUT} characters`)
    }
  }
}
