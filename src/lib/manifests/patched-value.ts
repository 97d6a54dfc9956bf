import { isDeepStrictEqual } from 'node:util'
import type { JsonPatchOperation } from '../application/json-patch.ts'
import { pointerSteps } from './locate.ts'

/** A plain value after a JSON Patch; undefined when a step of the patch does not fit it. */
export function patchedValue(value: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const result: unknown = structuredClone(value)
  for (const operation of operations) if (!applyTo(result, operation)) return undefined
  return result
}

/** Whether two values say the same to Kubernetes: a null and an empty map are as good as nothing. */
export function sameToKubernetes(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(withoutEmpty(a), withoutEmpty(b))
}

function applyTo(root: unknown, operation: JsonPatchOperation): boolean {
  const steps = pointerSteps(operation.path)
  const last = steps.pop() ?? ''
  let parent = root
  for (const step of steps) parent = memberOf(parent, step)
  if (operation.op === 'test') return sameToKubernetes(memberOf(parent, last), operation.value)
  if (typeof parent !== 'object' || parent === null) return false
  if (Array.isArray(parent)) {
    if (operation.op === 'remove') return parent.splice(Number(last), 1).length === 1
    if (last === '-') parent.push(operation.value)
    else parent[Number(last)] = operation.value
    return true
  }
  const map = parent as Record<string, unknown>
  if (operation.op === 'remove') return Object.hasOwn(map, last) && delete map[last]
  Object.defineProperty(map, last, {
    configurable: true,
    enumerable: true,
    value: operation.value,
    writable: true,
  })
  return true
}

function memberOf(parent: unknown, step: string): unknown {
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, step)) return undefined
  return (parent as Record<string, unknown>)[step]
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, withoutEmpty(member)] as const)
  return Object.fromEntries(members.filter(([, member]) => member !== null && !isEmptyMap(member)))
}

function isEmptyMap(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  )
}
