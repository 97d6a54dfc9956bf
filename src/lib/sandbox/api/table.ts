import { type Json, type JsonObject, objectAt } from '../json.ts'
import { columnsOf } from './columns.ts'
import type { ResourceType } from './resource-type.ts'

/** How much of each object a row of the table carries (`includeObject`). */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** Objects as meta.k8s.io/v1 Table, which is what `kubectl get` asks for and prints. */
export function tableOf(
  type: ResourceType,
  objects: readonly JsonObject[],
  metadata: JsonObject,
  include: IncludeObject,
  now: Date,
): JsonObject {
  const columns = columnsOf(type.plural)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type: kind, priority }) => ({
      name,
      type: kind,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      object: rowObject(object, include),
    })),
  }
}

function rowObject(object: JsonObject, include: IncludeObject): Json {
  if (include === 'Object') return object
  if (include === 'None') return null
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: objectAt(object, 'metadata'),
  }
}
