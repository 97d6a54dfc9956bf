import type { Key } from './keys.ts'

/** A line that is being typed; the cursor counts characters. */
export interface TextField {
  readonly characters: readonly string[]
  readonly cursor: number
}

/** Nobody types more; a paste by mistake may be a whole file. */
const LONGEST = 1_000

export function textField(text: string): TextField {
  const characters = [...text]
  return { characters, cursor: characters.length }
}

export function fieldText(field: TextField): string {
  return field.characters.join('')
}

/** The field after a key, with the keys that readline uses too; a key without a meaning changes nothing. */
export function typed(field: TextField, { name, text }: Key): TextField {
  const { characters, cursor } = field
  const without = (from: number, to: number) => ({
    characters: characters.toSpliced(from, to - from),
    cursor: from,
  })
  switch (name) {
    case 'text':
      return inserted(field, text)
    case 'paste':
      // Several lines become one: nothing that is pasted can press Enter.
      return inserted(field, text.replace(/[\r\n]+$/, '').replace(/\p{Cc}+/gu, ' '))
    case 'backspace':
      return cursor > 0 ? without(cursor - 1, cursor) : field
    case 'delete':
      return cursor < characters.length ? without(cursor, cursor + 1) : field
    case 'ctrl-u':
      return without(0, cursor)
    case 'ctrl-k':
      return without(cursor, characters.length)
    case 'ctrl-w':
      return without(wordStart(field), cursor)
    case 'left':
      return { characters, cursor: Math.max(0, cursor - 1) }
    case 'right':
      return { characters, cursor: Math.min(characters.length, cursor + 1) }
    case 'home':
    case 'ctrl-a':
      return { characters, cursor: 0 }
    case 'end':
    case 'ctrl-e':
      return { characters, cursor: characters.length }
    default:
      return field
  }
}

function inserted({ characters, cursor }: TextField, text: string): TextField {
  const added = [...text].slice(0, LONGEST - characters.length)
  return { characters: characters.toSpliced(cursor, 0, ...added), cursor: cursor + added.length }
}

function wordStart({ characters, cursor }: TextField): number {
  let start = cursor
  while (start > 0 && characters[start - 1] === ' ') start -= 1
  while (start > 0 && characters[start - 1] !== ' ') start -= 1
  return start
}
