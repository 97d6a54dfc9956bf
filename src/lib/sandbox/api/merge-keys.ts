import type { Json, JsonObject } from '../json.ts'
import { isObject } from '../json.ts'

/**
 * The lists of built-in kinds whose items have an identity: the key fields that server-side apply names
 * them by, the first of which strategic merge merges on. Source: the patchMergeKey and listMapKey tags of
 * k8s.io/api. The field's own name tells enough among the kinds the sandbox serves.
 */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  ports: ['containerPort', 'protocol'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  conditions: ['type'],
  podIPs: ['ip'],
  ownerReferences: ['uid'],
}

/** Lists of plain values that merge as sets. */
const SETS: ReadonlySet<string> = new Set(['finalizers'])

/** The key fields of the list `field`, or undefined when it is replaced as a whole. */
export function mergeKeysOf(field: string): readonly string[] | undefined {
  return Object.hasOwn(KEYS, field) ? KEYS[field] : undefined
}

export function isMergedSet(field: string): boolean {
  return SETS.has(field)
}

/** Whether `item` is the element that `wanted` names by the key. */
export function sameItem(key: string, item: Json, wanted: Json): boolean {
  return isObject(item) && isObject(wanted) && item[key] !== undefined && item[key] === wanted[key]
}

/** `k:{"name":"app"}`: how server-side apply names an item of a keyed list. */
export function itemName(keys: readonly string[], item: JsonObject): string {
  const named: JsonObject = {}
  for (const key of keys) if (item[key] !== undefined) named[key] = item[key]
  return `k:${JSON.stringify(named)}`
}
