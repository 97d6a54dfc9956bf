import { KubeconfigError } from './kubeconfig.ts'

const TRUE_WORDS = new Set(['true', 'yes', 'on', 'y'])
const FALSE_WORDS = new Set(['false', 'no', 'off', 'n', ''])

/**
 * The fields of one mapping in a kubeconfig, each read as the type it must have. Every error names file,
 * field and what was found, but never a value: it may be a secret.
 *
 * Text must be text: kubectl refuses `namespace: 123` as well. Flags also take YAML 1.1's yes/no words,
 * since kubectl's parser does.
 */
export class YamlFields {
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #file: string
  readonly #at: string

  constructor(value: unknown, file: string, at: string) {
    this.#file = file
    this.#at = at
    if (!isMapping(value)) throw this.#wrong('', 'a mapping', value)
    this.#fields = value
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined
  }

  text(name: string): string {
    return this.#text(this.raw(name), name)
  }

  flag(name: string): boolean {
    const value = this.raw(name) ?? false
    if (typeof value === 'boolean') return value
    const word = typeof value === 'string' ? value.toLowerCase() : 'neither'
    if (TRUE_WORDS.has(word)) return true
    if (FALSE_WORDS.has(word)) return false
    throw this.#wrong(name, 'true or false', value)
  }

  child(name: string): YamlFields | undefined {
    const value = this.raw(name) ?? undefined
    return value === undefined ? undefined : new YamlFields(value, this.#file, this.#path(name))
  }

  items(name: string): YamlFields[] {
    return this.#list(name).map(
      (item, index) => new YamlFields(item, this.#file, `${this.#path(name)}[${index}]`),
    )
  }

  texts(name: string): string[] {
    return this.#list(name).map((item, index) => this.#text(item, `${name}[${index}]`))
  }

  textMap(name: string): Record<string, string> {
    const child = this.child(name)
    if (child === undefined) return {}
    return Object.fromEntries(Object.keys(child.#fields).map((key) => [key, child.text(key)]))
  }

  textLists(name: string): ReadonlyMap<string, readonly string[]> {
    const child = this.child(name)
    return new Map(child && Object.keys(child.#fields).map((key) => [key, child.texts(key)]))
  }

  /** A list of `{name, <inner>: {…}}` as a map; a name that comes twice in one file is an error in kubectl too. */
  named<Entry>(name: string, inner: string, read: (fields: YamlFields) => Entry): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>()
    for (const item of this.items(name)) {
      const key = item.text('name')
      if (entries.has(key)) {
        throw new KubeconfigError(
          `kubeconfig ${this.#file} names ${inner} "${key}" twice`,
          `Remove one of the two ${inner} entries from the file`,
        )
      }
      entries.set(key, read(item.child(inner) ?? new YamlFields({}, this.#file, `${name}.${inner}`)))
    }
    return entries
  }

  #list(name: string): readonly unknown[] {
    const value = this.raw(name) ?? []
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list', value)
    return value
  }

  #text(value: unknown, name: string): string {
    if (value === undefined || value === null) return ''
    if (typeof value !== 'string') throw this.#wrong(name, 'text', value)
    return value
  }

  #path(name: string): string {
    return this.#at === '' ? name : name === '' ? this.#at : `${this.#at}.${name}`
  }

  #wrong(name: string, wanted: string, found: unknown): KubeconfigError {
    const field = this.#path(name)
    const kind = Array.isArray(found) ? 'a list' : isMapping(found) ? 'a mapping' : `a ${typeof found}`
    return new KubeconfigError(
      `kubeconfig ${this.#file}: ${field === '' ? 'the file' : field} must be ${wanted}, not ${kind}`,
      wanted === 'text' ? 'Put the value in quotes' : 'Correct the file, or name another with --kubeconfig',
    )
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
