import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KeyReader } from '../../../src/lib/terminal/live/key-reader.ts'
import type { Key } from '../../../src/lib/terminal/live/keys.ts'
import { fieldText, textField, typed } from '../../../src/lib/terminal/live/text-field.ts'
import { keys } from './drawn.ts'

/** Keys in one word each: a character as itself. */
function names(all: readonly Key[]): string[] {
  return all.map(({ name, text }) => (name === 'text' ? text : name === 'paste' ? `paste:${text}` : name))
}

describe('keys are read from', () => {
  it.each<[string, string, string[]]>([
    ['characters', 'aÄ🚀 ', ['a', 'Ä', '🚀', ' ']],
    [
      'control characters',
      '\r\n\t\u007f\b\u0003\u001a\f',
      ['enter', 'enter', 'tab', 'backspace', 'backspace', 'ctrl-c', 'ctrl-z', 'ctrl-l'],
    ],
    ['arrows of xterm', '\u001b[A\u001b[B\u001b[C\u001b[D', ['up', 'down', 'right', 'left']],
    ['arrows of the application mode', '\u001bOA\u001bOB', ['up', 'down']],
    [
      'the keys above them',
      '\u001b[H\u001b[F\u001b[1~\u001b[4~\u001b[5~\u001b[6~\u001b[3~',
      ['home', 'end', 'home', 'end', 'page-up', 'page-down', 'delete'],
    ],
    ['Escape, once and twice', '\u001b\u001b', ['escape', 'escape']],
    [
      'a paste, whatever is in it',
      '\u001b[200~y\r\u001b[A\u0003\u001b[201~j',
      ['paste:y\r\u001b[A\u0003', 'j'],
    ],
    ['a paste that never ends', '\u001b[200~yes', ['paste:yes']],
  ])('%s', (_name, bytes, expected) => {
    expect(names(keys(bytes))).toEqual(expected)
  })

  it.each<[string, string]>([
    ['function keys, those of the Linux console too', '\u001bOP\u001b[15~\u001b[[A'],
    ['keys with modifiers', '\u001b[1;5A\u001b[27;5;9~'],
    ['Alt with a character', '\u001ba\u001bA\u001b🚀'],
    ['reports of the mouse and of the focus', '\u001b[<0;12;5M\u001b[I\u001b[O'],
    [
      'answers about colours and names',
      '\u001b]11;rgb:0000/0000/0000\u0007\u001b]10;?\u001b\\\u001bP>|term a\u001b\\',
    ],
    ['what a terminal tells about itself', '\u001b[?62;c\u001b[>0;276;0c\u001b[12;40R'],
    ['a sequence that is broken off', '\u001b[12\u0001'.slice(0, -1)],
  ])('but not from %s', (_name, bytes) => {
    expect(keys(bytes)).toEqual([])
    expect(names(keys(`${bytes}\u001b[5~`)).at(-1)).toBe('page-up')
  })

  it('Ctrl-C in the middle of anything but a paste', () => {
    for (const start of ['\u001b[1;', '\u001bO', '\u001b]0;title', '\u001bPabc']) {
      expect(names(keys(`${start}\u0003`))).toEqual(['ctrl-c'])
    }
  })
})

describe('KeyReader', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function reader(): { read: (bytes: Buffer | string) => void; seen: () => string[] } {
    const all: Key[] = []
    const reading = new KeyReader((key) => all.push(key))
    return { read: (bytes) => reading.read(bytes), seen: () => names(all) }
  }

  it('reads what arrives byte by byte', () => {
    const { read, seen } = reader()
    for (const byte of Buffer.from('ä\u001b[6~\u001b[200~a🚀\u001b[201~🚀j')) read(Buffer.from([byte]))
    expect(seen()).toEqual(['ä', 'page-down', 'paste:a🚀', '🚀', 'j'])
  })

  it('waits a moment before it takes an Escape for the key', () => {
    const { read, seen } = reader()
    read('\u001b')
    expect(seen()).toEqual([])
    vi.advanceTimersByTime(60)
    expect(seen()).toEqual(['escape'])
  })

  it('never takes the rest of a late sequence for letters: the A of an arrow approves nothing', () => {
    const { read, seen } = reader()
    read('\u001b')
    vi.advanceTimersByTime(200)
    read('[A')
    read('\u001b')
    vi.advanceTimersByTime(200)
    read('O')
    read('A')
    expect(seen()).toEqual(['escape', 'up', 'escape', 'up'])
  })

  it('gives up on a sequence that does not go on', () => {
    const { read, seen } = reader()
    read('\u001b[1;')
    vi.advanceTimersByTime(1_100)
    read('j')
    expect(seen()).toEqual(['j'])
  })
})

describe('a line that is typed', () => {
  it.each<[string, string, string]>([
    ['is edited in the middle', 'shp\u001b[D\u001b[Do\u001b[C', 'sohp'],
    ['loses what stands before the cursor, or under it', 'abc\u007f\u001b[H\u001b[3~', 'b'],
    [
      'loses words, its beginning and its end as in a shell',
      'one two three\u0017\u001b[D\u001b[D\u0015x\u000b',
      'x',
    ],
    ['moves by Ctrl-A and Ctrl-E', 'b\u0001a\u0005c', 'abc'],
    ['takes a paste as one line', 'why: \u001b[200~first\r\nsecond\tx\n\u001b[201~!', 'why: first second x!'],
    ['takes no whole file', `\u001b[200~${'x'.repeat(5_000)}\u001b[201~`, 'x'.repeat(1_000)],
    ['ignores other keys', 'a\u001b[A\t\u001b[5~\u0001\u007f\u001b[D', 'a'],
  ])('%s', (_name, bytes, expected) => {
    expect(fieldText(keys(bytes).reduce(typed, textField('')))).toBe(expected)
  })
})
