import { type Document, isMap, isPair, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import { columnOf, lineBreakAt, lineEnd, lineStart } from './document-text.ts'
import {
  blockItem,
  blockLines,
  blockPair,
  type EntryStyle,
  flowPair,
  flowText,
  jsonText,
} from './entry-text.ts'
import { blockStart, contentEnd, type Layout, layoutOf } from './layout.ts'
import { extentOf, type Located, refused } from './locate.ts'
import { quoteStyleOf } from './scalar-text.ts'

/** A stretch of a text and what takes its place. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Puts a value where there is none: a new key, a new item at the end of a list, or the value of a key that
 * has none. It gets the indentation, the quoting and the line breaks of its neighbours.
 *
 * @throws EditRefusedError where the neighbours give no place for it.
 */
export function insertEntry(
  document: Document.Parsed,
  text: string,
  place: Located,
  value: unknown,
): readonly Splice[] {
  const layout = layoutOf(document, text)
  if (place.pair) return fillKey(text, layout, place.pair, place.node, value, place.inFlow)
  const { parent, step } = place
  if (parent.items.length === 0) {
    const whole = isSeq(parent) ? [value] : { [step]: value }
    if (place.parentPair) return fillKey(text, layout, place.parentPair, parent, whole, place.parentInFlow)
    throw refused(`there is nothing next to ${step} that shows where it belongs`, parent, text)
  }
  const style = styleOfEntries(parent, layout)
  if (parent.flow) return insertInFlow(text, layout, parent, step, value, style)
  return [insertInBlock(text, layout, parent, step, value, style)]
}

function insertInBlock(
  text: string,
  layout: Layout,
  parent: YAMLMap | YAMLSeq,
  step: string,
  value: unknown,
  style: EntryStyle,
): Splice {
  const column = columnOf(text, blockStart(parent as Node))
  const at = lineEnd(text, contentEnd(parent as Node, text))
  const lines = isMap(parent)
    ? blockPair(step, value, column, layout, style)
    : blockItem(value, column, gapOf(parent, text), layout, style)
  const lineBreak = lineBreakAt(text, at)
  const [first, ...rest] = lines
  return {
    start: at,
    end: at,
    text: [`${lineBreak}${' '.repeat(column)}${first}`, ...rest].join(lineBreak),
  }
}

/** The spaces between the last dash of a list and its item. */
function gapOf(list: YAMLSeq, text: string): string {
  const last = list.items.at(-1) as Node
  const start = blockStart(last)
  return /-( +)$/.exec(text.slice(lineStart(text, start), start))?.[1] ?? ' '
}

function insertInFlow(
  text: string,
  layout: Layout,
  parent: YAMLMap | YAMLSeq,
  step: string,
  value: unknown,
  style: EntryStyle,
): readonly Splice[] {
  const last: unknown = parent.items.at(-1)
  const first = (isPair(last) ? last.key : last) as Node
  const final = (isPair(last) ? (last.value ?? last.key) : last) as Node
  const end = contentEnd(final, text)
  const close = extentOf(parent as Node)[1] - 1
  const line = text.slice(lineStart(text, extentOf(first)[0]), extentOf(first)[0])
  const ownLine = /^\s*$/.test(line) && text.slice(end, close).includes('\n')
  const lineBreak = lineBreakAt(text, end)
  const member = layout.json ? jsonText(value, layout, line, lineBreak) : flowText(value, style)
  const entry = isMap(parent)
    ? layout.json
      ? `${JSON.stringify(step)}: ${member}`
      : flowPair(step, value, style)
    : member
  const hasComma = /^\s*(?:#[^\n]*\n\s*)*,/.test(text.slice(end, close))
  if (!ownLine) return [{ start: end, end, text: `, ${entry}` }]
  const at = lineEnd(text, end)
  const next = `${lineBreak}${line}${entry}`
  if (hasComma) return [{ start: at, end: at, text: `${next},` }]
  return [
    { start: end, end, text: ',' },
    { start: at, end: at, text: next },
  ]
}

function fillKey(
  text: string,
  layout: Layout,
  pair: NonNullable<Located['pair']>,
  node: Node | undefined,
  value: unknown,
  inFlow: boolean,
): readonly Splice[] {
  const [keyStart, keyEnd] = extentOf(pair.key)
  const colon = text.indexOf(':', keyEnd) + 1
  const [start, end] = node ? extentOf(node) : [colon, colon]
  if (node && (('anchor' in node && node.anchor) || node.tag)) {
    throw refused('its empty value has an anchor or a tag', node, text)
  }
  const isWritten = end > start
  const style: EntryStyle = { key: quoteStyleOf(pair.key) ?? 'plain', value: 'plain' }
  if (inFlow || layout.json) {
    const indent = /^\s*/.exec(text.slice(lineStart(text, keyStart)))?.[0] ?? ''
    const written = layout.json
      ? jsonText(value, layout, indent, lineBreakAt(text, keyStart))
      : flowText(value, style)
    return [
      {
        start: isWritten ? start : colon,
        end: isWritten ? end : colon,
        text: isWritten ? written : ` ${written}`,
      },
    ]
  }
  if (typeof value !== 'object' || value === null) throw refused('it has no value yet', pair.key, text)
  // A `{}` or `~` goes, with the space before it; a comment behind it stays.
  const emptied = isWritten ? [{ start: colon, end, text: '' }] : []
  const at = lineEnd(text, Math.max(colon, end > start ? end : colon))
  const lineBreak = lineBreakAt(text, at)
  const lines = blockLines(value, columnOf(text, keyStart), layout, { key: 'plain', value: style.value })
  return [...emptied, { start: at, end: at, text: lineBreak + lines.join(lineBreak) }]
}

function styleOfEntries(parent: YAMLMap | YAMLSeq, layout: Layout): EntryStyle {
  if (layout.json) return { key: 'double', value: 'double' }
  const last: unknown = parent.items.at(-1)
  if (isPair(last)) {
    const value = quoteStyleOf(last.value)
    return { key: quoteStyleOf(last.key) ?? 'plain', value: value ?? 'plain' }
  }
  if (isMap(last)) {
    const [first = 'plain', ...others] = last.items.flatMap(({ value }) => quoteStyleOf(value) ?? [])
    const value = others.every((style) => style === first) ? first : 'plain'
    return { key: quoteStyleOf(last.items[0]?.key) ?? 'plain', value }
  }
  return { key: 'plain', value: quoteStyleOf(last) ?? 'plain' }
}
