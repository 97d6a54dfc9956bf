import type { JsonPatchOperation } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'

const RESOURCE_VERSION = '/metadata/resourceVersion'

/** The test that nobody has written the object since; none for an object that was not read from a cluster. */
export function resourceVersionTest({ metadata }: KubernetesObject): readonly JsonPatchOperation[] {
  const value = metadata.resourceVersion
  return value === undefined ? [] : [{ op: 'test', path: RESOURCE_VERSION, value }]
}

/** The same patch, for the object as it is in `fresh`. */
export function retestedFor(
  fresh: KubernetesObject,
  operations: readonly JsonPatchOperation[],
): readonly JsonPatchOperation[] {
  return [...resourceVersionTest(fresh), ...operations.filter(({ path }) => path !== RESOURCE_VERSION)]
}
