import { isDeepStrictEqual } from 'node:util'
import { isAlias, isCollection, isPair, isScalar, type Node, type Pair, type Scalar, visit } from 'yaml'
import { plainValue } from '../../../manifests/document-text.ts'
import { replacement, splice } from '../../../manifests/edit-scalars.ts'
import type { Splice } from '../../../manifests/insert-entry.ts'
import { extentOf } from '../../../manifests/locate.ts'
import { EditRefusedError } from '../../../manifests/manifest-error.ts'
import { scalarText } from '../../../manifests/scalar-text.ts'
import { type OpenDocument, openDocuments } from './open-document.ts'
import { TargetError } from './target-error.ts'

/** A scalar that gets another text. */
export interface ScalarEdit {
  readonly node: Scalar & Node
  /** How people write the place, for messages. */
  readonly place: string
  readonly value: string
}

/**
 * Replaces scalars, all in one go: every other byte stays. What shares a scalar through its anchor changes
 * with it. The result is read back and must mean what was asked for, and nothing else.
 *
 * @param documents all of the file; the nodes are of these. They hold the new values afterwards.
 * @throws TargetError
 */
export function replaceScalars(
  text: string,
  documents: readonly OpenDocument[],
  edits: readonly ScalarEdit[],
  file: string,
): string {
  const surroundings = surroundingsOf(documents)
  const splices = edits.map(({ node, place, value }) =>
    refusing(file, place, () => spliceFor(text, node, surroundings.get(node), place, value)),
  )
  const edited = splice(text, splices)
  for (const { node, value } of edits) node.value = value
  const wanted = documents.map(({ document }) => plainValue(document))
  if (!isDeepStrictEqual(meaningOf(edited, file), wanted)) {
    throw editRefused(file, edits[0]?.place ?? '', 'it cannot be changed without changing more')
  }
  return edited
}

/** Runs an edit; a refusal then says the file and the place. @throws TargetError */
export function refusing<Result>(file: string, place: string, edit: () => Result): Result {
  try {
    return edit()
  } catch (error) {
    if (!(error instanceof EditRefusedError)) throw error
    const line = error.line > 1 ? ` (line ${error.line})` : ''
    throw editRefused(file, place, error.message + line, error)
  }
}

/** What an alias stands for, through any number of them. Nothing for an alias that leads nowhere. */
export function resolved(node: unknown, { document }: OpenDocument): unknown {
  let current = node
  for (let steps = 0; isAlias(current) && steps < 100; steps += 1) current = current.resolve(document)
  return current
}

const TEXT_TAGS: ReadonlySet<string> = new Set(['!', 'tag:yaml.org,2002:str'])

interface Surroundings {
  readonly inFlow: boolean
  readonly pair: Pair | undefined
}

function surroundingsOf(documents: readonly OpenDocument[]): ReadonlyMap<unknown, Surroundings> {
  const found = new Map<unknown, Surroundings>()
  for (const { document } of documents) {
    visit(document, {
      Scalar: (_, node, ancestors) => {
        const parent = ancestors.at(-1)
        const inFlow = ancestors.some((ancestor) => isCollection(ancestor) && ancestor.flow === true)
        found.set(node, { inFlow, pair: isPair(parent) ? parent : undefined })
      },
    })
  }
  return found
}

function spliceFor(
  text: string,
  node: Scalar & Node,
  { inFlow, pair }: Surroundings = { inFlow: false, pair: undefined },
  step: string,
  value: string,
): Splice {
  if (node.tag && !TEXT_TAGS.has(node.tag))
    throw new EditRefusedError(`its tag ${node.tag} asks for no text`, 1)
  const [start, end] = extentOf(node)
  if (end > start) return replacement(text, node, { inFlow, step }, value)
  if (!pair || !isScalar(pair.key) || node.anchor || node.tag) {
    throw new EditRefusedError(`${step} has no value that could be replaced`, 1)
  }
  const colon = text.indexOf(':', extentOf(pair.key as Node)[1]) + 1
  return { start: colon, end: colon, text: ` ${scalarText(value, 'plain', { inFlow })}` }
}

/** Undefined when the text can no longer be read. */
function meaningOf(text: string, file: string): readonly unknown[] | undefined {
  try {
    return openDocuments(text, file).map(({ value }) => value)
  } catch (error) {
    if (error instanceof TargetError) return undefined
    throw error
  }
}

function editRefused(file: string, place: string, why: string, cause?: unknown): TargetError {
  const instead = 'Change it by hand, or write it more simply'
  return new TargetError({ code: 'edit-refused', file, place, why, instead }, { cause })
}
