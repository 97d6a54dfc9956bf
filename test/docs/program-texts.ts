import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Shorter pieces occur anywhere and prove nothing. */
const SHORTEST = 6

/** The fixed pieces of all texts that the program can print: its literals, cut where a value is put in. */
export function programTexts(): string[] {
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(ROOT + file, 'utf8'))
  const pieces = sources.flatMap((source) =>
    [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].flatMap(
      ([, single, double, template]) =>
        (single ?? double ?? template ?? '').split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/),
    ),
  )
  return [...new Set(pieces.map((piece) => piece.replace(/\\(.)/g, '$1').trim()))].filter(
    (piece) => piece.length >= SHORTEST && /[a-z] ?[a-z]/i.test(piece),
  )
}

/** How much of a text is pieces of the program, 0 to 1, not counting what it puts in: names and quoted values. */
export function share(text: string, pieces: readonly string[]): number {
  const covered = Array.from({ length: text.length }, () => false)
  for (const piece of pieces) {
    for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) {
      covered.fill(true, at, at + piece.length)
    }
  }
  const counted = [...text].flatMap((_, at) => (isFixed(text, at) ? [covered[at]] : []))
  return counted.filter(Boolean).length / Math.max(1, counted.length)
}

/** Letters outside of quotes, of addresses, of names with a slash or a digit. */
function isFixed(text: string, at: number): boolean {
  if (!/[a-z]/i.test(text[at] ?? '')) return false
  const word = (/\S*$/.exec(text.slice(0, at))?.[0] ?? '') + (/^\S*/.exec(text.slice(at))?.[0] ?? '')
  const quotes = text.slice(0, at).split('"').length - 1
  return quotes % 2 === 0 && !/[/\d=]|^\S+\.\S+$/.test(word)
}
