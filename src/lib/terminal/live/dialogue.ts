import type { Key } from './keys.ts'
import type { LiveText } from './live-text.ts'
import { Page } from './page.ts'
import { fieldText, type TextField, textField, typed } from './text-field.ts'

/** A question that is to be answered before anything else. */
export type Dialogue = Question | Input

/** Yes or no, below the text that it is about. */
export class Question {
  readonly page: Page
  readonly #settle: (yes: boolean) => void

  constructor(title: string, lines: readonly LiveText[], question: string, settle: (yes: boolean) => void) {
    this.page = new Page(title, lines, question)
    this.#settle = settle
  }

  /** @returns whether it is over */
  press(key: Key): boolean {
    const end = this.page.press(key)
    if (end) this.#settle(end === 'yes')
    return end !== undefined
  }

  /** No is the answer that changes nothing. */
  cancel(): void {
    this.#settle(false)
  }
}

/** One line of text. */
export class Input {
  readonly label: string
  #field: TextField
  readonly #settle: (text: string | undefined) => void

  constructor(label: string, initial: string, settle: (text: string | undefined) => void) {
    this.label = label
    this.#field = textField(initial)
    this.#settle = settle
  }

  get field(): TextField {
    return this.#field
  }

  /** @returns whether it is over */
  press(key: Key): boolean {
    if (key.name === 'enter') this.#settle(fieldText(this.#field))
    else if (key.name === 'escape') this.#settle(undefined)
    else {
      this.#field = typed(this.#field, key)
      return false
    }
    return true
  }

  cancel(): void {
    this.#settle(undefined)
  }
}
