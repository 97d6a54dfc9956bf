import { type Document, isCollection, isMap, isPair, isScalar, type Node, Scalar } from 'yaml'
import type { JsonPatchOperation } from '../application/json-patch.ts'
import { lineBreakAt, lineEnd, lineStart, parseDocuments, plainValue } from './document-text.ts'
import { insertEntry, type Splice } from './insert-entry.ts'
import { pairEnd } from './layout.ts'
import { extentOf, type Located, locate, refused, refuseMerged } from './locate.ts'
import { EditRefusedError } from './manifest-error.ts'
import { patchedValue, sameToKubernetes } from './patched-value.ts'
import { blockScalarText, quoteStyleOf, scalarText } from './scalar-text.ts'

/** A stretch of lines before and after an edit. */
export interface TextChange {
  /** Of the first line, from 1, in the text as it will be. */
  readonly line: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

export interface EditedText {
  readonly text: string
  readonly changes: readonly TextChange[]
}

/**
 * Applies a JSON Patch to the text of one YAML document: the scalars it sets, and the entries it adds or takes
 * away, are spliced into the text, so that every other byte stays: comments, quotes, anchors, blank lines, line breaks.
 * The result is read back and compared with what the patch asks for before it is returned.
 *
 * @param text one document, with its directives and its `---`
 * @param within JSON Pointer to the object the patch is for: '' for the document itself, `/items/3` in a List
 * @throws EditRefusedError when the change needs more than that; its line is counted in `text`.
 */
export function editScalars(
  text: string,
  operations: readonly JsonPatchOperation[],
  within = '',
): EditedText {
  const steps = operations.map((operation) => ({ ...operation, path: within + operation.path }))
  const wanted = patchedValue(plainValue(onlyDocument(text)), steps)
  if (wanted === undefined) throw new EditRefusedError('the document does not hold what was read', 1)
  let edited = text
  const changes: TextChange[] = []
  for (const operation of steps) {
    if (operation.op === 'test') continue
    const document = onlyDocument(edited)
    const next = splice(edited, splicesFor(document, edited, operation))
    addChange(changes, edited, next)
    edited = next
  }
  refuseOtherMeaning(edited, wanted, changes[0]?.line ?? 1)
  return { changes, text: edited }
}

function onlyDocument(text: string): Document.Parsed {
  const [document, ...others] = parseDocuments(text)
  if (!document || others.length > 0 || document.errors.length > 0) {
    throw new EditRefusedError('it would not be one YAML document any more', 1)
  }
  return document
}

/** The last word: whatever a splice did to the text, it must mean exactly what was asked for. */
function refuseOtherMeaning(text: string, wanted: unknown, line: number): void {
  try {
    if (sameToKubernetes(plainValue(onlyDocument(text)), wanted)) return
  } catch (error) {
    if (!(error instanceof EditRefusedError || error instanceof ReferenceError)) throw error
  }
  throw new EditRefusedError('it is written in a way that cannot be changed without changing more', line)
}

function splicesFor(
  document: Document.Parsed,
  text: string,
  operation: Exclude<JsonPatchOperation, { op: 'test' }>,
): readonly Splice[] {
  const place = locate(document, text, operation.path)
  if (operation.op === 'remove') return [removal(text, place)]
  const { node } = place
  if (!('value' in operation)) return []
  if (node && isScalar(node) && node.value !== null) return [replacement(text, node, place, operation.value)]
  if (node && isCollection(node) && node.items.length > 0) {
    throw refused(`${place.step} is a whole block`, node, text)
  }
  if (operation.op === 'replace' && !node && isMap(place.parent)) refuseMerged(place.parent, place.step, text)
  return insertEntry(document, text, place, operation.value)
}

/** Puts another value in a scalar's place, quoted as it was. @throws EditRefusedError when a block of text does not take it */
export function replacement(
  text: string,
  node: Scalar & Node,
  { inFlow, step }: Pick<Located, 'inFlow' | 'step'>,
  value: unknown,
): Splice {
  const [start, end] = extentOf(node)
  const source = text.slice(start, end)
  if (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED) {
    const block = typeof value === 'string' && blockScalarText(value, source, lineBreakAt(text, end))
    if (block) return { start, end, text: block }
    throw refused(`${step} is a block of text that the new value does not fit into`, node, text)
  }
  // What stood there plainly with a colon may do so again, whatever Go's older readers think of it.
  const place = { inFlow: inFlow && !(node.type === Scalar.PLAIN && source.includes(':')) }
  const written = scalarText(value, quoteStyleOf(node) ?? 'plain', place)
  return { end, start, text: written }
}

function removal(text: string, { pair, parent, step }: Located): Splice {
  if (!pair || !isMap(parent)) throw refused(`${step} is no key that could be removed`, parent as Node, text)
  const [keyStart] = extentOf(pair.key)
  const valueEnd = pairEnd(pair, text)
  if (parent.flow) {
    const index = parent.items.findIndex(({ key }) => key === pair.key)
    const [before, after] = [parent.items[index - 1], parent.items[index + 1]]
    if (isPair(before)) return { start: pairEnd(before, text), end: valueEnd, text: '' }
    return { start: keyStart, end: isPair(after) ? extentOf(after.key as Node)[0] : valueEnd, text: '' }
  }
  const start = lineStart(text, keyStart)
  if (text.slice(start, keyStart).trim() !== '')
    throw refused(`${step} shares its line with others`, pair.key, text)
  const end = text.indexOf('\n', valueEnd) + 1
  if (end > 0) return { end, start, text: '' }
  // The last line of a file that ends without a line break: the break before it goes instead.
  return { end: text.length, start: lineEnd(text, Math.max(0, start - 1)), text: '' }
}

/** The text with every splice done; they must not overlap. */
export function splice(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = []
  let done = 0
  for (const { start, end, text: written } of splices.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(done, start), written)
    done = end
  }
  return [...pieces, text.slice(done)].join('')
}

/** Notes the lines in which two texts differ; a change of a line that was changed before continues that one. */
function addChange(changes: TextChange[], before: string, after: string): void {
  const [old, now] = [linesOf(before), linesOf(after)]
  let same = 0
  while (same < Math.min(old.length, now.length) && old[same] === now[same]) same += 1
  let tail = 0
  const most = Math.min(old.length, now.length) - same
  while (tail < most && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const change: TextChange = {
    added: now.slice(same, now.length - tail),
    line: same + 1,
    removed: old.slice(same, old.length - tail),
  }
  const last = changes.at(-1)
  const continues = last?.line === change.line && last.added.join('\n') === change.removed.join('\n')
  if (last && continues) changes[changes.length - 1] = { ...change, removed: last.removed }
  else if (change.added.length > 0 || change.removed.length > 0) changes.push(change)
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/)
}
