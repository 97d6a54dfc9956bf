/** What a key is called; `text` is any character that is typed, `paste` what a terminal marks as pasted. */
export type KeyName =
  | 'text'
  | 'paste'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'delete'
  | 'backspace'
  | 'enter'
  | 'tab'
  | 'escape'
  | `ctrl-${string}`

export interface Key {
  readonly name: KeyName
  /** What was typed or pasted; '' for other keys. */
  readonly text: string
}

export const ESCAPE = '\u001b'
const PASTE_START = `${ESCAPE}[200~`
const PASTE_END = `${ESCAPE}[201~`

// Xterm's sequences, those of its application mode, and those of rxvt and the Linux console.
const SEQUENCES: Readonly<Record<string, KeyName>> = {
  '[A': 'up',
  OA: 'up',
  '[B': 'down',
  OB: 'down',
  '[C': 'right',
  OC: 'right',
  '[D': 'left',
  OD: 'left',
  '[H': 'home',
  OH: 'home',
  '[1~': 'home',
  '[7~': 'home',
  '[F': 'end',
  OF: 'end',
  '[4~': 'end',
  '[8~': 'end',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[3~': 'delete',
  OM: 'enter',
}
const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
}

// ECMA-48: a control sequence, one that ends too early, and a control string (an answer of the terminal).
const CONTROL_SEQUENCE = /^\u001b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[0-9;]*[A-Za-z])/
const UNFINISHED = /^\u001b(?:\[\[?|\[[0-?]*[ -/]*|O[0-9;]*|[\]PX^_]\P{Cc}*\u001b?)?$/u
// Controls, Ctrl-C above all, are no part of any of them.
const BROKEN_OFF = /^\u001b(?:\[[0-?]*[ -/]*|O[0-9;]*|[\]PX^_]\P{Cc}*)(?=[^ -~])/u
const CONTROL_STRING = /^\u001b[\]PX^_]\P{Cc}*(?:\u0007|\u001b\\)/u

/**
 * The keys in what a terminal sent. Sequences that mean nothing here, Alt with a character among them, are left out.
 *
 * @returns also the unfinished sequence at the end, to be put before what comes next
 */
export function decodeKeys(input: string): { readonly keys: Key[]; readonly rest: string } {
  const keys: Key[] = []
  let rest = input
  while (rest !== '' && !unfinished(rest)) rest = rest.slice(takeKey(rest, keys))
  return { keys, rest }
}

/** What of an unfinished sequence is worth a key when nothing follows: Escape itself, or a paste without an end. */
export function keysOfRest(rest: string): Key[] {
  if (rest === ESCAPE) return [{ name: 'escape', text: '' }]
  return rest.startsWith(PASTE_START) ? [{ name: 'paste', text: rest.slice(PASTE_START.length) }] : []
}

function unfinished(input: string): boolean {
  return (input.startsWith(PASTE_START) && !input.includes(PASTE_END)) || UNFINISHED.test(input)
}

/** Takes the first key, if it is one, and tells how much of the input it was. */
function takeKey(input: string, keys: Key[]): number {
  if (input.startsWith(PASTE_START)) {
    const end = input.indexOf(PASTE_END)
    keys.push({ name: 'paste', text: input.slice(PASTE_START.length, end) })
    return end + PASTE_END.length
  }
  if (input.startsWith(ESCAPE)) return takeSequence(input, keys)
  const character = String.fromCodePoint(input.codePointAt(0) ?? 0)
  const name = CONTROLS[character] ?? controlName(character)
  if (name) keys.push({ name, text: name === 'text' ? character : '' })
  return character.length
}

function takeSequence(input: string, keys: Key[]): number {
  const [sequence] = CONTROL_SEQUENCE.exec(input) ?? []
  if (sequence) {
    const name = SEQUENCES[sequence.slice(1)]
    if (name) keys.push({ name, text: '' })
    return sequence.length
  }
  const [ignored] = CONTROL_STRING.exec(input) ?? BROKEN_OFF.exec(input) ?? []
  if (ignored) return ignored.length
  if (input.startsWith(ESCAPE + ESCAPE)) {
    keys.push({ name: 'escape', text: '' })
    return ESCAPE.length
  }
  return ESCAPE.length + String.fromCodePoint(input.codePointAt(1) ?? 0).length
}

function controlName(character: string): KeyName | undefined {
  if (character >= ' ') return 'text'
  const code = character.charCodeAt(0)
  return code >= 1 && code <= 26 ? `ctrl-${String.fromCharCode(code + 96)}` : undefined
}
