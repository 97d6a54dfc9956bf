import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import { lineAt } from '../../../manifests/document-text.ts'
import { extentOf } from '../../../manifests/locate.ts'
import type { OpenDocument } from './open-document.ts'
import { TargetError, type TargetErrorCode } from './target-error.ts'
import { resolved } from './text-edit.ts'
import { type KeyStep, parseValuesKey } from './values-key.ts'

/** Where a key of a values file leads: to a scalar, or to the deepest map there is on the way. */
export type ValuesPlace =
  | { readonly kind: 'scalar'; readonly node: Scalar & Node }
  | { readonly kind: 'missing'; readonly existing: readonly KeyStep[]; readonly rest: readonly string[] }

/**
 * Finds the place of a key that is to be written. A key of the top level that is spelt exactly so, dots
 * included, comes before the way down through maps. Aliases are followed.
 *
 * @throws TargetError when there is something else on the way, or the value comes from a merge key
 */
export function placeToWrite(
  open: OpenDocument | undefined,
  text: string,
  key: string,
  file: string,
): ValuesPlace {
  if (open === undefined) return missing(parseValuesKey(key, file), 0, file, key)
  const literal = memberOf(open.document.contents, key)
  if (literal !== undefined) {
    const node = resolved(literal.value, open)
    if (isScalar(node)) return { kind: 'scalar', node: node as Scalar & Node }
    throw fault('literal-key-not-scalar', file, key, 'there is a key spelt like this, and it holds no text')
  }
  const steps = parseValuesKey(key, file)
  let node: unknown = open.document.contents
  for (const [index, step] of steps.entries()) {
    const current = resolved(node, open)
    const isLeaf = index === steps.length - 1
    if (typeof step === 'number') {
      node = itemOf(current, step, file, key)
      continue
    }
    // A key without a value is a map that nobody has begun yet.
    if (index > 0 && isScalar(current) && current.value === null) return missing(steps, index - 1, file, key)
    if (isSeq(current)) {
      throw fault(
        'index-missing',
        file,
        key,
        `a list comes before ${step}, so a number is needed`,
        'Write for example images[0].tag',
      )
    }
    if (!isMap(current))
      throw unexpected(file, key, `${steps.slice(0, index).join('.')} is no map`, current, text)
    const member = memberOf(current, step)
    if (member === undefined) {
      if (Object.hasOwn(Object(current.toJS(open.document)), step)) {
        throw fault(
          'edit-refused',
          file,
          key,
          `${step} comes from a merge key (<<)`,
          'Write it out where it belongs',
        )
      }
      return missing(steps, index, file, key)
    }
    node = member.value ?? null
    if (isLeaf && node === null)
      throw unexpected(file, key, 'it has no value that could be replaced', current, text)
  }
  const leaf = resolved(node, open)
  if (isScalar(leaf)) return { kind: 'scalar', node: leaf as Scalar & Node }
  throw unexpected(file, key, 'it holds a map or a list, no text', leaf, text)
}

/**
 * What a values file says for a key: here the way down through maps comes first, as in a chart's templates.
 *
 * @throws TargetError when it says nothing
 */
export function readValue(open: OpenDocument, key: string, file: string): string {
  const nested = nestedValue(open, key, file)
  if (nested !== undefined) return nested
  const literal = memberOf(open.document.contents, key)
  if (literal === undefined) throw fault('key-not-found', file, key, 'there is no such key')
  const node = resolved(literal.value, open)
  if (isScalar(node)) return textOf(node)
  throw fault('literal-key-not-scalar', file, key, 'there is a key spelt like this, and it holds no text')
}

function nestedValue(open: OpenDocument, key: string, file: string): string | undefined {
  let value = open.value
  try {
    for (const step of parseValuesKey(key, file)) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
      if (Array.isArray(value) !== (typeof step === 'number')) return undefined
      value = (value as Record<KeyStep, unknown>)[step]
    }
  } catch (error) {
    // A literal key need not have the form of a path.
    if (error instanceof TargetError) return undefined
    throw error
  }
  return typeof value === 'object' || value === undefined ? undefined : String(value)
}

function textOf(node: Scalar): string {
  return node.value === null ? '' : String(node.value)
}

function memberOf(node: unknown, name: string): { readonly value: unknown } | undefined {
  if (!isMap(node)) return undefined
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === name)
}

function itemOf(list: unknown, index: number, file: string, key: string): unknown {
  if (!isSeq(list))
    throw fault('unexpected-node-type', file, key, `there is no list that [${index}] could be of`)
  const item = index < 0 ? undefined : list.items[index]
  if (item !== undefined) return item
  throw fault(
    'index-out-of-range',
    file,
    key,
    `the list has ${list.items.length} items, counted from 0, and [${index}] is none of them`,
  )
}

function missing(steps: readonly KeyStep[], from: number, file: string, key: string): ValuesPlace {
  const rest = steps.slice(from)
  if (rest.every((step) => typeof step === 'string')) {
    return { kind: 'missing', existing: steps.slice(0, from), rest }
  }
  throw fault('index-out-of-range', file, key, 'the list is not there, and one item of it means nothing')
}

function unexpected(file: string, key: string, why: string, node: unknown, text: string): TargetError {
  const at =
    isScalar(node) || isMap(node) || isSeq(node) ? ` (line ${lineAt(text, extentOf(node as Node)[0])})` : ''
  return fault('unexpected-node-type', file, key, why + at)
}

function fault(
  code: TargetErrorCode,
  file: string,
  place: string,
  why: string,
  instead = 'Correct the key in the rule, or the file',
): TargetError {
  return new TargetError({ code, file, place, why, instead })
}
