import { type JsonPatchOperation, pointerStep } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'

const RESOURCE_VERSION = '/metadata/resourceVersion'
const ANNOTATIONS = '/metadata/annotations'

/** The test that nobody has written the object since; none for an object that was not read from a cluster. */
export function resourceVersionTest({ metadata }: KubernetesObject): readonly JsonPatchOperation[] {
  const value = metadata.resourceVersion
  return value === undefined ? [] : [{ op: 'test', path: RESOURCE_VERSION, value }]
}

/**
 * The same patch, for the object as it is in `fresh`: a map of annotations that was to be created goes into
 * the one that somebody has created meanwhile.
 */
export function retestedFor(
  fresh: KubernetesObject,
  operations: readonly JsonPatchOperation[],
): readonly JsonPatchOperation[] {
  const own = operations.filter(({ path }) => path !== RESOURCE_VERSION)
  if (!fresh.metadata.annotations) return [...resourceVersionTest(fresh), ...own]
  return [...resourceVersionTest(fresh), ...own.flatMap(intoAnnotations)]
}

function intoAnnotations(operation: JsonPatchOperation): readonly JsonPatchOperation[] {
  if (operation.op !== 'add' || operation.path !== ANNOTATIONS) return [operation]
  return Object.entries(operation.value as Readonly<Record<string, unknown>>).map(([name, value]) => ({
    op: 'add',
    path: `${ANNOTATIONS}/${pointerStep(name)}`,
    value,
  }))
}
