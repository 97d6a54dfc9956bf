import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { lineAt } from './document-text.ts'
import { EditRefusedError } from './manifest-error.ts'

/** A place in a document that a JSON Pointer leads to. */
export interface Located {
  /** The collection that holds it. */
  readonly parent: YAMLMap | YAMLSeq
  /** The last step of the pointer. */
  readonly step: string
  /** The pair, where the parent is a map that has it. */
  readonly pair: Pair<Node, Node | null> | undefined
  /** The value that is there; undefined when there is none, or a key without value. */
  readonly node: Node | undefined
  /** The pair whose value the parent is; undefined for the document itself and items of a list. */
  readonly parentPair: Pair<Node, Node | null> | undefined
  /** Whether the parent is a `[…]` or `{…}`, or is inside one. */
  readonly inFlow: boolean
  /** Whether the parent is inside one. */
  readonly parentInFlow: boolean
}

/** `/a~1b/0` → `a/b`, `0`. */
export function pointerSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/**
 * Finds the place that a JSON Pointer names, which need not have a value yet.
 *
 * @throws EditRefusedError when the way there leads through an alias, a merge key, or an anchor that is used elsewhere.
 */
export function locate(document: Document.Parsed, text: string, pointer: string): Located {
  const steps = pointerSteps(pointer)
  const shared = usedAnchors(document)
  const last = steps.pop() ?? ''
  let node: Node | null = document.contents
  let parentPair: Located['parentPair']
  let inFlow = false
  let parentInFlow = false
  const pass = (next: Node | null) => {
    refuseShared(next, shared, text)
    parentInFlow = inFlow
    if (isCollection(next) && next.flow) inFlow = true
  }
  pass(node)
  for (const step of steps) {
    const { pair, value } = childOf(node, step, text)
    parentPair = pair
    node = value
    pass(node)
  }
  if (isAlias(node)) throw refused(`the value is behind the alias *${node.source}`, node, text)
  if (!isMap(node) && !isSeq(node))
    throw refused(`there is no list or map that could hold ${last}`, node, text)
  if (isSeq(node) && last === '-') {
    return { inFlow, node: undefined, pair: undefined, parent: node, parentInFlow, parentPair, step: last }
  }
  const found = childOf(node, last, text, true)
  refuseShared(found.value, shared, text)
  if (isAlias(found.value)) throw refused(`the value is the alias *${found.value.source}`, found.value, text)
  const { pair, value } = found
  return { inFlow, node: value ?? undefined, pair, parent: node, parentInFlow, parentPair, step: last }
}

/** The offsets of a node's own text: from its first character to behind its last. */
export function extentOf(node: Node): readonly [start: number, end: number] {
  const [start = 0, end = 0] = node.range ?? []
  return [start, end]
}

/** The error that says why an edit is refused, with the line of the node. */
export function refused(reason: string, node: Node | null | undefined, text: string): EditRefusedError {
  return new EditRefusedError(reason, node ? lineAt(text, extentOf(node)[0]) : 1)
}

interface Child {
  readonly pair: Pair<Node, Node | null> | undefined
  readonly value: Node | null
}

function childOf(node: Node | null, step: string, text: string, mayBeMissing = false): Child {
  if (isAlias(node)) throw refused(`the value is behind the alias *${node.source}`, node, text)
  if (isSeq(node)) {
    const value = node.items[Number(step)]
    if (value !== undefined && !isPair(value)) return { pair: undefined, value: value as Node }
  }
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
    if (pair) return { pair: pair as Pair<Node, Node | null>, value: pair.value as Node | null }
    if (!mayBeMissing) refuseMerged(node, step, text)
    if (mayBeMissing) return { pair: undefined, value: null }
  }
  throw refused(`there is no ${step}`, node, text)
}

function usedAnchors(document: Document.Parsed): ReadonlySet<string> {
  const names = new Set<string>()
  visit(document, {
    Alias: (_, { source }) => {
      names.add(source)
    },
  })
  return names
}

function refuseShared(node: Node | null, shared: ReadonlySet<string>, text: string): void {
  const anchor = node && 'anchor' in node ? node.anchor : undefined
  if (anchor !== undefined && shared.has(anchor) && !isAlias(node)) {
    throw refused(`the value is used elsewhere too, through the anchor &${anchor}`, node, text)
  }
}

/** A value that a map does not have itself may come from a merge key. */
export function refuseMerged(map: YAMLMap, step: string, text: string): void {
  const merge = map.items.find(({ key }) => isScalar(key) && key.source === '<<')
  if (merge) throw refused(`${step} comes from a merge key (<<)`, merge.key as Node, text)
}
