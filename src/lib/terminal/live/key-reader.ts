import { StringDecoder } from 'node:string_decoder'
import { decodeKeys, ESCAPE, type Key, keysOfRest } from './keys.ts'

/** The key Escape and the start of a sequence are the same byte: only time tells them apart. */
const ESCAPE_ALONE = 50
/** A sequence that stops half-way is given up, or the keyboard would be dead. */
const GIVEN_UP = 1_000

/** Reads keys from the bytes of a terminal, however they are cut into pieces on their way. */
export class KeyReader {
  readonly #onKey: (key: Key) => void
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #timer: NodeJS.Timeout | undefined
  #escapeWasLast = false

  constructor(onKey: (key: Key) => void) {
    this.#onKey = onKey
  }

  read(bytes: Buffer | string): void {
    const text = typeof bytes === 'string' ? bytes : this.#decoder.write(bytes)
    if (text === '') return
    clearTimeout(this.#timer)
    // On a slow line the rest of an arrow key comes after its Escape was taken for the key: it is no text.
    const late = this.#escapeWasLast && this.#rest === '' && /^[[O]/.test(text)
    this.#escapeWasLast = false
    const { keys, rest } = decodeKeys((late ? ESCAPE : '') + this.#rest + text)
    this.#rest = rest
    if (rest !== '') {
      this.#timer = setTimeout(() => this.#giveUp(), rest === ESCAPE ? ESCAPE_ALONE : GIVEN_UP)
    }
    for (const key of keys) this.#onKey(key)
  }

  /** Forgets what is unfinished. */
  reset(): void {
    clearTimeout(this.#timer)
    this.#rest = ''
  }

  #giveUp(): void {
    const rest = this.#rest
    this.#rest = ''
    this.#escapeWasLast = rest === ESCAPE
    for (const key of keysOfRest(rest)) this.#onKey(key)
  }
}
