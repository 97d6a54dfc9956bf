import type { GoValue } from './value.ts'

/** The variables in sight, innermost last. */
export class Variables {
  readonly #stack: { readonly name: string; value: GoValue }[] = []

  constructor(root: GoValue) {
    this.declare('$', root)
  }

  /** What {@link forgetSince} needs to end a scope. */
  get mark(): number {
    return this.#stack.length
  }

  forgetSince(mark: number): void {
    this.#stack.length = mark
  }

  declare(name: string, value: GoValue): void {
    this.#stack.push({ name, value })
  }

  assign(name: string, value: GoValue): void {
    const variable = this.#stack.findLast((other) => other.name === name)
    if (variable) variable.value = value
  }

  /** undefined where nothing was declared; nil is null. */
  get(name: string): GoValue | undefined {
    return this.#stack.findLast((other) => other.name === name)?.value
  }
}
