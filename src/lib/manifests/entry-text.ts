import type { Layout } from './layout.ts'
import { type QuoteStyle, scalarText } from './scalar-text.ts'

const BLOCK = { inFlow: false } as const
const FLOW = { inFlow: true } as const

/** How keys and texts next to a new entry are quoted. */
export interface EntryStyle {
  readonly key: QuoteStyle
  readonly value: QuoteStyle
}

/**
 * `key: value` in block style: the lines below the first are indented so that the key stands in `column`.
 * The first line is not indented.
 */
export function blockPair(
  key: string,
  value: unknown,
  column: number,
  layout: Layout,
  style: EntryStyle,
): string[] {
  const name = scalarText(key, style.key, BLOCK)
  if (!isCollection(value)) return [`${name}: ${scalarText(value, style.value, BLOCK)}`]
  if (isEmpty(value)) return [`${name}: ${Array.isArray(value) ? '[]' : '{}'}`]
  return [`${name}:`, ...blockLines(value, column, layout, style)]
}

/** What stands below a key in `column`, every line with its indentation. */
export function blockLines(value: object, column: number, layout: Layout, style: EntryStyle): string[] {
  const nested: EntryStyle = { key: 'plain', value: style.value }
  if (Array.isArray(value)) {
    const dashes = column + layout.dash
    return value.flatMap((item: unknown) => {
      const [first, ...rest] = blockItem(item, dashes, ' ', layout, nested)
      return [`${' '.repeat(dashes)}${first}`, ...rest]
    })
  }
  const keys = column + layout.step
  return Object.entries(value).flatMap(([key, member]) => {
    const [first, ...rest] = blockPair(key, member, keys, layout, style)
    return [`${' '.repeat(keys)}${first}`, ...rest]
  })
}

/** `- item` in block style with its dash in `column`; the first line is not indented. */
export function blockItem(
  item: unknown,
  column: number,
  gap: string,
  layout: Layout,
  style: EntryStyle,
): string[] {
  if (!isCollection(item)) return [`-${gap}${scalarText(item, style.value, BLOCK)}`]
  if (Array.isArray(item) || isEmpty(item)) return [`-${gap}${flowText(item, style)}`]
  const keys = column + 1 + gap.length
  const lines = Object.entries(item).flatMap(([key, member], index) => {
    const [first, ...rest] = blockPair(key, member, keys, layout, style)
    return [index === 0 ? `-${gap}${first}` : `${' '.repeat(keys)}${first}`, ...rest]
  })
  return lines
}

/** `key: value` inside `{…}`, on one line. */
export function flowPair(key: string, value: unknown, style: EntryStyle): string {
  return `${scalarText(key, style.key, FLOW)}: ${flowText(value, style)}`
}

/** A value inside `[…]` or `{…}`, on one line. */
export function flowText(value: unknown, style: EntryStyle): string {
  if (!isCollection(value)) return scalarText(value, style.value, FLOW)
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item, style)).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, member]) => flowPair(key, member, style))
    .join(', ')}}`
}

/** A value as JSON; in several lines where the document has them, the further ones indented by `indent`. */
export function jsonText(value: unknown, { unit }: Layout, indent: string, lineBreak: string): string {
  if (unit === '') return flowText(value, { key: 'double', value: 'double' })
  return JSON.stringify(value, null, unit).replaceAll('\n', `${lineBreak}${indent}`)
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}
