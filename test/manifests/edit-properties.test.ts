import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { editScalars } from '../../src/lib/manifests/edit-scalars.ts'
import { EditRefusedError } from '../../src/lib/manifests/manifest-error.ts'
import { SeededRandom } from '../seeded-random.ts'

const KEYS = ['a', 'b/c', '"q k"', "'s'", 'argocd-image-updater.argoproj.io/x', 'é', 'on']
const SCALARS = [
  'x',
  '1.4.2',
  '"dou\\tble"',
  "'sin''gle'",
  'org/web:1.4@sha256:0a',
  '"# no"',
  'two words',
  '日本',
]
const COMMENTS = ['', ' # why', '   #', '  ', '\t# tab']
const BLANKS = ['', '\n', '# alone\n', '   \n', '\n\n']
const VALUES = [
  'org/web:1.5',
  '1.5',
  '',
  'true',
  'a # b',
  'x: y',
  "it's",
  '"',
  '- a',
  'é',
  'ünï code',
  '2024-01-01',
  '{',
  '[a]',
  '*x',
  'a\nb',
  'tab\there',
  '\\n',
  '~',
]

/** A document of maps, lists and scalars in every style, and the JSON Pointers of its scalars. */
function randomDocument(random: SeededRandom): {
  readonly text: string
  readonly pointers: readonly string[]
} {
  const pointers: string[] = []
  const newline = random.pick(['\n', '\r\n'])
  const step = random.pick([2, 4])
  const nameOf = (key: string) => key.replace(/^["']|["']$/g, '').replaceAll('/', '~1')
  const scalar = (at: string, indent: string): string => {
    pointers.push(at)
    const kind = random.below(10)
    if (kind === 0) return `|\n${indent}text one\n${indent}text two\n`
    if (kind === 1) return `>-\n${indent}text one\n${indent}text two\n\n`
    return `${random.pick(SCALARS)}${random.pick(COMMENTS)}\n`
  }
  const flow = (at: string): string => {
    pointers.push(`${at}/0`, `${at}/1/k`)
    return `[ x, {k: "v" } ]${random.pick(COMMENTS)}\n`
  }
  const map = (at: string, depth: number, indent: string): string =>
    random
      .shuffled(KEYS)
      .slice(0, 1 + random.below(3))
      .map((key) => {
        const inside = indent + ' '.repeat(step)
        const here = `${at}/${nameOf(key)}`
        const kind = random.below(depth > 0 ? 5 : 3)
        const value =
          kind === 0
            ? ` ${flow(here)}`
            : kind < 3
              ? ` ${scalar(here, inside)}`
              : `${random.pick(COMMENTS)}\n${kind === 3 ? map(here, depth - 1, inside) : list(here, depth - 1, inside)}`
        return `${random.pick(BLANKS)}${indent}${key}:${value}`
      })
      .join('')
  const list = (at: string, depth: number, indent: string): string =>
    Array.from({ length: 1 + random.below(3) }, (_, index) => {
      const inside = `${indent}  `
      if (depth === 0 || random.below(2) === 0) return `${indent}- ${scalar(`${at}/${index}`, inside)}`
      return `${indent}- ${map(`${at}/${index}`, 0, inside).trimStart()}`
    }).join('')
  const text = `${random.pick(['', '---\n', '%YAML 1.2\n---\n', '# head\n'])}${map('', 3, '')}${random.pick(BLANKS)}`
  return { pointers, text: text.replaceAll('\n', newline) }
}

const valueIn = (text: string, pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, step) => (value as Record<string, unknown>)[step.replaceAll('~1', '/')],
      parseAllDocuments(text)[0]?.toJS(),
    )

it.each(Array.from({ length: 300 }, (_, seed) => seed))(
  'seed %d: outside the scalar no byte changes',
  (seed) => {
    const random = new SeededRandom(seed)
    const { text, pointers } = randomDocument(random)
    expect(parseAllDocuments(text)[0]?.errors, text).toEqual([])
    const path = random.pick(pointers)
    const value = random.pick(VALUES)
    const old = parseAllDocuments(text)[0]?.getIn(
      path
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/')),
      true,
    )
    const [start = 0, end = 0] = (old as { range?: number[] }).range ?? []
    let edited: string
    try {
      edited = editScalars(text, [{ op: 'replace', path, value }]).text
    } catch (error) {
      // Only a block of text may not be able to take the value.
      expect(error).toBeInstanceOf(EditRefusedError)
      expect(text.slice(start, end)).toMatch(/^[|>]/)
      return
    }
    expect(edited.slice(0, start)).toBe(text.slice(0, start))
    expect(edited.slice(edited.length - (text.length - end))).toBe(text.slice(end))
    expect(valueIn(edited, path)).toBe(value)
  },
)
