import type { Dialogue } from './dialogue.ts'
import type { Key } from './keys.ts'

/**
 * Questions, one after the other: what is typed must not answer a question that came up a moment ago, so keys reach
 * one only after it was drawn.
 */
export class DialogueQueue {
  #waiting: Dialogue[] = []
  #seen: Dialogue | undefined

  get current(): Dialogue | undefined {
    return this.#waiting[0]
  }

  add(dialogue: Dialogue): void {
    this.#waiting.push(dialogue)
  }

  /** The current one stands on the screen. */
  drawn(): void {
    this.#seen = this.current
  }

  press(key: Key): void {
    const { current } = this
    if (current && current === this.#seen && current.press(key)) this.#waiting.shift()
  }

  cancelAll(): void {
    for (const dialogue of this.#waiting.splice(0)) dialogue.cancel()
  }
}
