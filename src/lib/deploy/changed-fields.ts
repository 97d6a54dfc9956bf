import { isDeepStrictEqual } from 'node:util'
import type { FieldChange } from '../application/field-change.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'

/** What the API server keeps itself. */
const OF_THE_SERVER = new Set([
  'metadata.creationTimestamp',
  'metadata.generation',
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.selfLink',
  'metadata.uid',
  'status',
])

/** The fields in which an object differs from how it would be: `spec.template.spec.containers[0].image`. */
export function changedFields(live: KubernetesObject, applied: KubernetesObject): FieldChange[] {
  return [...differences('', live, applied)]
}

function* differences(field: string, before: unknown, after: unknown): Generator<FieldChange> {
  if (OF_THE_SERVER.has(field) || isDeepStrictEqual(before, after)) return
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      yield* differences(`${field}[${index}]`, before[index], after[index])
    }
  } else if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(field === '' ? key : `${field}.${key}`, before[key], after[key])
    }
  } else yield { field, before: textOf(before), after: textOf(after) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
