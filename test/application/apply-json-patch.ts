import { isDeepStrictEqual } from 'node:util'
import { type JsonPatchOperation, valueAt } from '../../src/lib/application/json-patch.ts'

/** Applies a JSON Patch (RFC 6902) to a copy of the document, as an API server does. Throws on a failed test. */
export function applyJsonPatch<T>(document: T, operations: readonly JsonPatchOperation[]): T {
  const copy = structuredClone(document)
  for (const operation of operations) applyOne(copy, operation)
  return copy
}

function applyOne(document: unknown, operation: JsonPatchOperation): void {
  const slash = operation.path.lastIndexOf('/')
  const parent = valueAt(document, operation.path.slice(0, slash))
  const step = operation.path
    .slice(slash + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
  if (typeof parent !== 'object' || parent === null) throw new Error(`no parent of ${operation.path}`)
  const members = parent as Record<string, unknown>
  const exists = Object.hasOwn(members, step)
  if (operation.op === 'add') {
    if (!Array.isArray(parent)) members[step] = operation.value
    else parent.splice(step === '-' ? parent.length : Number(step), 0, operation.value)
    return
  }
  // API servers take an absent member for null.
  if (operation.op === 'test' && !exists && operation.value === null) return
  if (!exists) throw new Error(`nothing at ${operation.path}`)
  if (operation.op === 'remove') delete members[step]
  if (operation.op === 'replace') members[step] = operation.value
  if (operation.op === 'test' && !isDeepStrictEqual(members[step], operation.value)) {
    throw new Error(`test of ${operation.path} failed`)
  }
}
