import { equalJson, isObject, type Json, type JsonObject, setKey } from '../json.ts'
import { ApiStatusError, badRequest, unprocessablePatch } from './status.ts'

/** The API server's own limit on the operations of one patch. */
const MOST_OPERATIONS = 10_000

/**
 * Applies a JSON Patch (RFC 6902). The value given is not changed.
 * @throws ApiStatusError 400 when it is no JSON Patch, 422 when an operation cannot be carried out – a
 * failed `test` among them –, 413 when it has too many operations.
 */
export function applyJsonPatch(target: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  }
  if (patch.length > MOST_OPERATIONS) {
    throw new ApiStatusError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${patch.length}`,
    )
  }
  const document = { root: structuredClone(target) as Json }
  for (const operation of patch) applyOperation(document, operation)
  if (!isObject(document.root)) throw unprocessablePatch()
  return document.root
}

function applyOperation(document: { root: Json }, operation: Json): void {
  if (!isObject(operation) || typeof operation['path'] !== 'string') throw unprocessablePatch()
  const path = readPointer(operation['path'])
  const from = typeof operation['from'] === 'string' ? readPointer(operation['from']) : undefined
  switch (operation['op']) {
    case 'test':
      if (!equalJson(find(document.root, path) ?? null, operation['value'] ?? null))
        throw unprocessablePatch()
      break
    case 'add':
      put(document, path, operationValue(operation), 'add')
      break
    case 'replace':
      put(document, path, operationValue(operation), 'replace')
      break
    case 'remove':
      take(document, path)
      break
    case 'move':
      put(document, path, take(document, from ?? unreadable()), 'add')
      break
    case 'copy': {
      const value = find(document.root, from ?? unreadable()) ?? unreadable()
      put(document, path, structuredClone(value), 'add')
      break
    }
    default:
      throw unprocessablePatch()
  }
}

function unreadable(): never {
  throw unprocessablePatch()
}

function operationValue(operation: JsonObject): Json {
  const value = operation['value']
  if (value === undefined) throw unprocessablePatch()
  return structuredClone(value)
}

function readPointer(pointer: string): string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw unprocessablePatch()
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function find(root: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = root
  for (const step of path) {
    if (Array.isArray(current)) current = current[indexIn(current, step, 'existing')]
    else if (isObject(current) && Object.hasOwn(current, step)) current = current[step]
    else return undefined
  }
  return current
}

function parentOf(document: { root: Json }, path: readonly string[]): [Json[] | JsonObject, string] {
  const parent = find(document.root, path.slice(0, -1))
  const step = path.at(-1)
  if (step === undefined || !(Array.isArray(parent) || isObject(parent))) throw unprocessablePatch()
  return [parent, step]
}

function put(document: { root: Json }, path: readonly string[], value: Json, mode: 'add' | 'replace'): void {
  if (path.length === 0) {
    document.root = value
    return
  }
  const [parent, step] = parentOf(document, path)
  if (Array.isArray(parent)) {
    const index = indexIn(parent, step, mode === 'add' ? 'new' : 'existing')
    parent.splice(index, mode === 'add' ? 0 : 1, value)
    return
  }
  if (mode === 'replace' && !Object.hasOwn(parent, step)) throw unprocessablePatch()
  setKey(parent, step, value)
}

function take(document: { root: Json }, path: readonly string[]): Json {
  const [parent, step] = parentOf(document, path)
  if (Array.isArray(parent)) return parent.splice(indexIn(parent, step, 'existing'), 1)[0] ?? null
  const value = Object.hasOwn(parent, step) ? parent[step] : undefined
  if (value === undefined) throw unprocessablePatch()
  delete parent[step]
  return value
}

function indexIn(list: readonly Json[], step: string, which: 'existing' | 'new'): number {
  if (step === '-' && which === 'new') return list.length
  const index = /^(?:0|[1-9]\d*)$/.test(step) ? Number(step) : -1
  const end = which === 'new' ? list.length : list.length - 1
  if (index < 0 || index > end) throw unprocessablePatch()
  return index
}
