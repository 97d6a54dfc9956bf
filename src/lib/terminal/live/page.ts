import type { Key } from './keys.ts'
import { cleaned, type LiveText, type Span, spansOf } from './live-text.ts'
import type { Look } from './look.ts'
import { drawPage } from './page-screen.ts'
import type { Screen, Size } from './screen.ts'
import { fieldText, type TextField, textField, typed } from './text-field.ts'
import { wrap } from './wrap.ts'

/** How a page was left: `yes` and `no` answer its question. */
export type PageEnd = 'closed' | 'yes' | 'no'

/** Text over the whole screen, to scroll and search in; with a question below it when it has one. */
export class Page {
  readonly title: string
  readonly question: string | undefined
  #lines: readonly LiveText[]
  #wrapped: { readonly width: number; readonly lines: readonly (readonly Span[])[] } | undefined
  #top = 0
  #room = 1
  #searching: TextField | undefined
  #sought = ''
  #found = -1
  /** Whether the whole question was on the screen: nobody says yes to what they cannot have read. */
  #questionShown = false

  constructor(title: string, lines: readonly LiveText[], question?: string) {
    this.title = title
    this.question = question
    this.#lines = lines
  }

  setLines(lines: readonly LiveText[]): void {
    this.#lines = lines
    this.#wrapped = undefined
  }

  draw(size: Size, look: Look): Screen {
    if (this.#wrapped?.width !== size.columns) this.#wrapAgain(size.columns, look)
    const lines = this.#wrapped?.lines ?? []
    const { screen, room, whole } = drawPage(
      {
        found: this.#found,
        lines,
        searching: this.#searching,
        title: this.title,
        top: this.#top,
        ...(this.question !== undefined && { question: this.question }),
      },
      size,
      look,
    )
    this.#room = room
    this.#questionShown = whole
    const top = Math.max(0, Math.min(this.#top, lines.length - room))
    if (top === this.#top) return screen
    // Scrolled beyond the end, which only drawing knows.
    this.#top = top
    return this.draw(size, look)
  }

  /** @returns how it is left by this key, undefined while it stays */
  press(key: Key): PageEnd | undefined {
    if (this.#searching) {
      this.#pressInSearch(this.#searching, key)
      return undefined
    }
    const pressed = key.name === 'text' ? key.text : key.name
    if (this.question !== undefined) {
      if (pressed === 'y' || pressed === 'Y') return this.#questionShown ? 'yes' : undefined
      if (['n', 'N', 'q', 'enter', 'escape'].includes(pressed)) return 'no'
    } else {
      if (pressed === 'q' || pressed === 'escape') return 'closed'
      if (pressed === '/') this.#searching = textField('')
      if (pressed === 'n') this.#find(1)
      if (pressed === 'N') this.#find(-1)
    }
    this.#scroll(pressed)
    return undefined
  }

  #scroll(pressed: string): void {
    if (pressed === 'up' || pressed === 'k') this.#top -= 1
    if (pressed === 'down' || pressed === 'j') this.#top += 1
    if (pressed === 'page-up') this.#top -= this.#room
    if (pressed === 'page-down' || pressed === ' ') this.#top += this.#room
    if (pressed === 'home' || pressed === 'g') this.#top = 0
    if (pressed === 'end' || pressed === 'G') this.#top = Number.MAX_SAFE_INTEGER
    this.#top = Math.max(0, this.#top)
  }

  #pressInSearch(field: TextField, key: Key): void {
    if (key.name === 'escape') {
      this.#searching = undefined
    } else if (key.name === 'enter') {
      this.#searching = undefined
      this.#sought = fieldText(field).toLowerCase()
      this.#found = this.#top - 1
      this.#find(1)
    } else {
      this.#searching = typed(field, key)
    }
  }

  /** Goes to the next line (or the one before) that has what is sought; around the end, too. */
  #find(step: 1 | -1): void {
    const lines = this.#wrapped?.lines ?? []
    if (this.#sought === '' || lines.length === 0) return
    for (let distance = 1; distance <= lines.length; distance += 1) {
      const index = (this.#found + step * distance + 2 * lines.length) % lines.length
      const text = (lines[index] ?? []).map((span) => span.text).join('')
      if (!text.toLowerCase().includes(this.#sought)) continue
      this.#found = index
      if (index < this.#top || index >= this.#top + this.#room) this.#top = index
      return
    }
    this.#found = -1
  }

  #wrapAgain(width: number, look: Look): void {
    const lines = this.#lines.flatMap((line) => wrap(cleaned(spansOf(line), look), Math.max(1, width - 2)))
    this.#wrapped = { lines, width }
    this.#found = -1
  }
}
