import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { parseDuration } from '../../duration.ts'
import { UserError } from '../../errors.ts'
import { nearestWord } from '../../nearest.ts'
import { parseCredentialSource } from '../credential-source.ts'
import { type Field, SourceText } from './fields.ts'
import type { RegistryEntry, TagSortMode, WrittenSource } from './registry-entry.ts'
import { readTagSortMode, TAG_SORT_MODES } from './tag-sort-mode.ts'

/** The keys of an entry, as argocd-image-updater 1.x knows them. */
export const ENTRY_KEYS = [
  'name',
  'api_url',
  'prefix',
  'ping',
  'credentials',
  'credsexpire',
  'tagsortmode',
  'insecure',
  'ca_file',
  'ca_data',
  'defaultns',
  'limit',
  'default',
] as const

type EntryKey = (typeof ENTRY_KEYS)[number]
type Fields = ReadonlyMap<EntryKey, Field>

const LONGEST = 1024 * 1024
const MOST_ENTRIES = 1000

/**
 * Reads a registries.conf: YAML with the one key `registries`, a list of entries with {@link ENTRY_KEYS}.
 *
 * @param name how messages call the text, a path or `ConfigMap argocd/argocd-image-updater-config`
 * @throws RegistriesConfError naming line and key for unknown keys, wrong values, a missing `name` or
 *   `api_url`, two defaults, two entries without prefix, or one prefix twice.
 */
export function parseRegistriesConf(text: string, name: string): RegistryEntry[] {
  const lines = new LineCounter()
  const document = parseDocument(text.slice(0, LONGEST + 1), { lineCounter: lines, prettyErrors: false })
  const source = new SourceText(name, lines, document)
  if (text.length > LONGEST) throw source.error(1, 'it is larger than 1 MiB', 'Name the right file')
  const [fault] = document.errors
  if (fault) {
    throw source.error(lines.linePos(fault.pos[0]).line, `not YAML (${fault.message})`, 'Correct the YAML')
  }
  const top = source.resolved(document.contents)
  if (top === null || (isScalar(top) && top.value === null)) return []
  if (!isMap(top)) throw source.error(1, 'it is not a mapping', 'Begin with registries:')
  const list = readFields(source, top, ['registries']).get('registries')
  const items = source.resolved(list?.node)
  if (items === null || (isScalar(items) && items.value === null)) return []
  if (!isSeq(items))
    throw source.error(list?.line ?? 1, 'registries is not a list', 'Begin entries with "- name:"')
  if (items.items.length > MOST_ENTRIES) {
    throw source.error(list?.line ?? 1, `it has more than ${MOST_ENTRIES} registries`, 'Leave some out')
  }
  const entries = items.items.map((item) => {
    const node = source.resolved(item as YAMLMap)
    if (!isMap(node))
      throw source.error(source.lineOf(node), 'an entry is not a mapping', 'Write name: and api_url:')
    return readEntry(source, readFields(source, node, ENTRY_KEYS), source.lineOf(node))
  })
  checkTogether(source, entries)
  return entries
}

function readFields<Key extends string>(
  source: SourceText,
  map: YAMLMap,
  known: readonly Key[],
): ReadonlyMap<Key, Field> {
  const fields = new Map<Key, Field>()
  for (const { key, value } of map.items as Pair<never, never>[]) {
    const word = isScalar(key) ? String((key as { value: unknown }).value) : ''
    const line = source.lineOf(key)
    const name = known.find((each) => each === word)
    if (name === undefined) {
      const nearest = nearestWord(word.toLowerCase(), known)
      const remedy = nearest ? `Did you mean ${nearest}?` : `Known keys: ${known.join(', ')}`
      throw source.error(line, `unknown key "${word}"`, remedy)
    }
    fields.set(name, { key: name, node: value, line })
  }
  return fields
}

function readEntry(source: SourceText, fields: Fields, line: number): RegistryEntry {
  const read = <T>(key: EntryKey, parse: (field: Field) => T): T | undefined => {
    const field = fields.get(key)
    const node = source.resolved(field?.node)
    const absent = node === null || (isScalar(node) && (node.value === null || node.value === ''))
    return field === undefined || absent ? undefined : parse(field)
  }
  const text = (field: Field) => source.text(field)
  const flag = (field: Field) => source.boolean(field)
  const required = <T>(key: 'name' | 'api_url', value: T | undefined): T => {
    if (value !== undefined) return value
    throw source.error(line, `the entry has no ${key}`, 'Every registry needs name and api_url')
  }
  const name = required('name', read('name', text))
  const apiUrl = required(
    'api_url',
    read('api_url', (field) => source.apiUrl(field)),
  )
  const prefix = read('prefix', (field) => source.prefix(field)) ?? ''
  read('ping', flag)
  const credentials = read('credentials', (field) => readCredentials(source, field))
  const credentialsLifetime = read('credsexpire', (field) => readLifetime(source, field))
  const caFile = read('ca_file', text)
  const caData = read('ca_data', (field) => source.certificates(field))
  const limit = read('limit', (field) => source.limit(field)) ?? 0
  return {
    name,
    apiUrl,
    prefix,
    ...(credentials && { credentials }),
    ...(credentialsLifetime !== undefined && { credentialsLifetime }),
    tagSortMode: read('tagsortmode', (field) => sortMode(source, field)) ?? 'none',
    insecure: read('insecure', flag) ?? false,
    ...(caFile && { caFile }),
    ...(caData && { caData }),
    defaultNamespace: read('defaultns', text) ?? '',
    ...(limit > 0 && { limit }),
    isDefault: read('default', flag) ?? false,
    line,
  }
}

function readCredentials(source: SourceText, field: Field): WrittenSource {
  const text = source.text(field)
  return { text, source: within(source, field, () => parseCredentialSource(text)) }
}

function readLifetime(source: SourceText, field: Field): number {
  const lifetime = within(source, field, () => parseDuration(source.text(field)))
  if (lifetime > 0) return lifetime
  throw source.error(field.line, `${field.key} must be longer than 0`, 'Write for example 10h')
}

function sortMode(source: SourceText, field: Field): TagSortMode {
  const text = source.text(field)
  const mode = readTagSortMode(text)
  if (mode !== undefined) return mode
  const what = `${field.key} "${text}" is not known`
  throw source.error(field.line, what, `Write one of ${TAG_SORT_MODES.join(', ')}`)
}

/** The same error, with file, line and key in front. */
function within<T>(source: SourceText, { key, line }: Field, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw source.error(line, `${key}: ${error.message}`, error.remedy)
  }
}

/** What no entry can tell alone. Entries of one API host share its connection, so they must agree about TLS. */
function checkTogether(source: SourceText, entries: readonly RegistryEntry[]): void {
  const tls = ({ insecure, caFile, caData }: RegistryEntry) => JSON.stringify([insecure, caFile, caData])
  for (const [index, entry] of entries.entries()) {
    for (const earlier of entries.slice(0, index)) {
      const both = `"${earlier.name}" (line ${earlier.line}) and "${entry.name}"`
      const refuse = (what: string, remedy: string) => source.error(entry.line, `${both} ${what}`, remedy)
      if (entry.isDefault && earlier.isDefault)
        throw refuse('are both default', 'Keep default: true in one entry')
      if (entry.prefix.toLowerCase() === earlier.prefix.toLowerCase()) {
        throw entry.prefix === ''
          ? refuse('both have no prefix', 'Give each its prefix, the host in its image names')
          : refuse(`both have the prefix ${entry.prefix}`, 'Keep one of them')
      }
      if (new URL(entry.apiUrl).host === new URL(earlier.apiUrl).host && tls(entry) !== tls(earlier)) {
        const what = `ask ${new URL(entry.apiUrl).host} and differ in insecure, ca_file or ca_data`
        throw refuse(what, 'Write the same in both')
      }
    }
  }
}
