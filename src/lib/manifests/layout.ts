import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  visit,
} from 'yaml'
import { columnOf } from './document-text.ts'
import { extentOf } from './locate.ts'

/** How a document is laid out, so that what is added looks like the rest of it. */
export interface Layout {
  /** Spaces by which a map stands to the right of its key. */
  readonly step: number
  /** Spaces by which the dashes of a list stand to the right of its key. */
  readonly dash: number
  /** JSON: everything is in double quotes. */
  readonly json: boolean
  /** What one level is indented by in a JSON text of several lines; '' when it is in one line. */
  readonly unit: string
}

const USUAL_STEP = 2

/** Reads the layout off the first nested map and the first list of a document. */
export function layoutOf(document: Document.Parsed, text: string): Layout {
  let step: number | undefined
  let dash: number | undefined
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !isCollection(value) || value.flow) return
      const distance = columnOf(text, blockStart(value as Node)) - columnOf(text, extentOf(key as Node)[0])
      if (isMap(value) && distance > 0) step ??= distance
      if (isSeq(value) && distance >= 0) dash ??= distance
    },
  })
  const root = document.contents
  const json = isCollection(root) && root.flow === true
  return {
    step: step ?? USUAL_STEP,
    dash: dash ?? step ?? USUAL_STEP,
    json,
    unit: json ? (/\n([ \t]+)\S/.exec(text)?.[1] ?? '') : '',
  }
}

/** Where the first key or dash of a block collection stands. */
export function blockStart(node: Node): number {
  if (isMap(node) && !node.flow && isPair(node.items[0])) return extentOf(node.items[0].key as Node)[0]
  return extentOf(node)[0]
}

/** Behind the last character that belongs to a node: comments and blank lines after it do not. */
export function contentEnd(node: Node, text: string): number {
  if (isCollection(node) && !node.flow) {
    const last: unknown = node.items.at(-1)
    if (isPair(last)) return pairEnd(last, text)
    if (last) return contentEnd(last as Node, text)
  }
  const [start, end] = extentOf(node)
  if (!isScalar(node) || (node.type !== Scalar.BLOCK_LITERAL && node.type !== Scalar.BLOCK_FOLDED)) return end
  const source = text.slice(start, end)
  // With `+` the blank lines after the text are part of the value.
  const keeps = /^[|>]\d?\+/.test(source)
  return start + source.replace(keeps ? /\r?\n$/ : /\s+$/, '').length
}

/** Behind the last character of a key and its value. */
export function pairEnd(pair: Pair, text: string): number {
  const [key, value] = [pair.key as Node, pair.value as Node | null]
  const isEmpty = value === null || (isScalar(value) && value.source === '' && value.type === Scalar.PLAIN)
  return isEmpty ? text.indexOf(':', extentOf(key)[1]) + 1 : contentEnd(value, text)
}
