import { isObject, type Json, type JsonObject, setKey } from '../json.ts'
import { isMergedSet, itemName, mergeKeysOf } from './merge-keys.ts'

/** Names and versions that belong to the server: nobody owns them. */
const UNOWNED_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
])
/** Maps of built-in kinds that are owned as a whole. */
const ATOMIC_MAPS = new Set(['selector', 'nodeSelector'])
/** Required structs and lists of built-in kinds exist by themselves; nobody owns their existence. */
const STRUCTURAL = new Set(['metadata', 'spec', 'status', 'template', 'containers', 'strategy', 'data'])

const SEPARATOR = '\u0000'
/** What a map or an item with members of its own stands for: that it exists. */
const EMPTY: JsonObject = {}

/**
 * The leaves of an object by the path names of FieldsV1 (`f:spec`, `k:{"name":"app"}`, `v:"x"`), joined
 * into one text so that sets of them can be compared. A map or item with members is there itself, too.
 */
export type FieldValues = ReadonlyMap<string, Json>

/** `custom`: the object's kind comes from a CRD, where only metadata knows keyed lists. */
export function fieldValues(object: JsonObject, custom: boolean): FieldValues {
  const values = new Map<string, Json>()
  for (const [key, value] of Object.entries(object)) {
    if (key === 'apiVersion' || key === 'kind') continue
    const known = !custom || key === 'metadata'
    const owned = key === 'metadata' && isObject(value) ? ownedMetadata(value) : value
    if (isObject(owned) && Object.keys(owned).length === 0) continue
    collect(values, owned, key, [`f:${key}`], known)
  }
  return values
}

function ownedMetadata(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !UNOWNED_METADATA.has(key)))
}

function collect(
  values: Map<string, Json>,
  value: Json,
  field: string,
  path: string[],
  known: boolean,
): void {
  if (value === null) return
  const keys = known ? mergeKeysOf(field) : undefined
  if (isObject(value) && Object.keys(value).length > 0 && !(known && ATOMIC_MAPS.has(field))) {
    if (!(known && STRUCTURAL.has(field))) values.set(join(path), EMPTY)
    for (const [key, member] of Object.entries(value))
      collect(values, member, key, [...path, `f:${key}`], known)
  } else if (Array.isArray(value) && keys) {
    if (!STRUCTURAL.has(field)) values.set(join(path), EMPTY)
    for (const item of value)
      if (isObject(item)) collectItem(values, item, [...path, itemName(keys, item)], known)
  } else if (Array.isArray(value) && known && isMergedSet(field)) {
    values.set(join(path), EMPTY)
    for (const item of value) values.set(join([...path, `v:${JSON.stringify(item)}`]), true)
  } else values.set(join(path), value)
}

function collectItem(values: Map<string, Json>, item: JsonObject, path: string[], known: boolean): void {
  values.set(join(path), EMPTY)
  for (const [key, member] of Object.entries(item)) collect(values, member, key, [...path, `f:${key}`], known)
}

function join(path: readonly string[]): string {
  return path.join(SEPARATOR)
}

/** The set as FieldsV1 nests it: `.` marks a map or item that is owned along with members of it. */
export function toFieldsV1(paths: ReadonlySet<string>): JsonObject {
  const root: JsonObject = {}
  for (const path of [...paths].sort()) {
    let node = root
    let prefix = ''
    for (const segment of path.split(SEPARATOR)) {
      const existing = Object.hasOwn(node, segment) ? node[segment] : undefined
      const child = isObject(existing) ? existing : {}
      // Shorter paths sort first: a parent is there before its members are.
      if (prefix !== '' && paths.has(prefix)) setKey(node, '.', {})
      if (child !== existing) setKey(node, segment, child)
      node = child
      prefix = prefix === '' ? segment : `${prefix}${SEPARATOR}${segment}`
    }
  }
  return root
}

/** The reverse of {@link toFieldsV1}. */
export function fromFieldsV1(fields: JsonObject): Set<string> {
  const paths = new Set<string>()
  const walk = (node: JsonObject, path: string[]): void => {
    const members = Object.entries(node)
    if ((members.length === 0 || Object.hasOwn(node, '.')) && path.length > 0) paths.add(join(path))
    for (const [segment, child] of members) {
      if (segment !== '.' && isObject(child)) walk(child, [...path, segment])
    }
  }
  walk(fields, [])
  return paths
}

/** `.spec.template.spec.containers[name="app"].image`: how conflicts name a path. */
export function pathText(path: string): string {
  return path
    .split(SEPARATOR)
    .map((segment) => {
      if (segment.startsWith('f:')) return `.${segment.slice(2)}`
      if (segment.startsWith('v:')) return `[=${segment.slice(2)}]`
      if (!segment.startsWith('k:')) return ''
      const key = JSON.parse(segment.slice(2)) as JsonObject
      return `[${Object.entries(key)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(',')}]`
    })
    .join('')
}

/**
 * Removes what the paths name from the object, in place: items of keyed lists whole, maps and keyed lists
 * only once nothing is left in them.
 */
export function removePaths(object: JsonObject, paths: readonly string[]): void {
  const split = paths.map((path) => path.split(SEPARATOR))
  const [items, fields] = [split.filter(isItem), split.filter((path) => !isItem(path))]
  // Items first, for their own fields are what they are found by; then from the leaves up, so that a map is
  // empty by the time its turn comes.
  for (const path of [...items, ...fields.sort((a, b) => b.length - a.length)]) removePath(object, path)
}

function isItem(path: readonly string[]): boolean {
  return path.at(-1)?.startsWith('f:') === false
}

function removePath(node: Json | undefined, path: readonly string[]): void {
  const [segment = '', ...rest] = path
  if (segment.startsWith('f:') && isObject(node)) {
    const key = segment.slice(2)
    if (rest.length > 0) removePath(node[key], rest)
    else if (!hasMembers(key, node[key])) delete node[key]
  } else if (Array.isArray(node)) {
    const index = node.findIndex((item) => names(segment, item))
    if (index < 0) return
    if (rest.length === 0) node.splice(index, 1)
    else removePath(node[index], rest)
  }
}

function hasMembers(field: string, value: Json | undefined): boolean {
  if (Array.isArray(value))
    return value.length > 0 && (mergeKeysOf(field) !== undefined || isMergedSet(field))
  return isObject(value) && Object.keys(value).length > 0
}

function names(segment: string, item: Json): boolean {
  if (segment.startsWith('v:')) return JSON.stringify(item) === segment.slice(2)
  if (!segment.startsWith('k:') || !isObject(item)) return false
  const key = JSON.parse(segment.slice(2)) as JsonObject
  return Object.entries(key).every(([name, value]) => item[name] === value)
}
