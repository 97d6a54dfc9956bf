import { isDeepStrictEqual } from 'node:util'
import { isMap, isSeq, type Node } from 'yaml'
import { columnOf, lineBreakAt, lineEnd, lineStart, plainValue } from '../../../manifests/document-text.ts'
import { blockItem } from '../../../manifests/entry-text.ts'
import { blockStart, contentEnd, layoutOf } from '../../../manifests/layout.ts'
import { openDocument } from './open-document.ts'

/**
 * Puts an item before another one of a list, a line or more of its own. Comments above the other one stay
 * with it. Undefined where the list is written in a way that has no place for it, as `[…]` is.
 *
 * @param path the keys that lead to the list
 * @param index from 0, of the item that it comes before
 */
export function insertItem(
  text: string,
  path: readonly string[],
  index: number,
  item: unknown,
  file: string,
): string | undefined {
  const document = openDocument(text, file)?.document
  const list = document?.getIn(path, true)
  if (!document || !isSeq(list) || list.flow || list.anchor) return undefined
  const [before, after] = [list.items[index - 1], list.items[index]] as [Node | undefined, Node | undefined]
  if (!isMap(after)) return undefined
  const start = blockStart(after)
  const [, indent, gap] = /^( *)-( +)$/.exec(text.slice(lineStart(text, start), start)) ?? []
  if (indent === undefined || gap === undefined) return undefined
  const column = columnOf(text, lineStart(text, start) + indent.length)
  const style = { key: 'plain', value: 'plain' } as const
  const lines = blockItem(item, column, gap, layoutOf(document, text), style)
  const [first, ...rest] = lines
  const lineBreak = lineBreakAt(text, start)
  const written = [`${indent}${first}`, ...rest]
  const at = before ? lineEnd(text, contentEnd(before, text)) : lineStart(text, start)
  const added = before
    ? written.map((line) => lineBreak + line).join('')
    : written.map((line) => line + lineBreak).join('')
  const edited = text.slice(0, at) + added + text.slice(at)
  const wanted = plainValue(document)
  ;(valueIn(wanted, path) as unknown[]).splice(index, 0, item)
  return isDeepStrictEqual(openDocument(edited, file)?.value, wanted) ? edited : undefined
}

function valueIn(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, step) => (inner as Record<string, unknown>)[step], value)
}
