import type { ObjectField } from '../object-field.ts'

/** A Helm parameter or an environment variable: something with a name and what it is set to. */
export interface NamedEntry {
  readonly name: string
  readonly value: string
  readonly [field: string]: unknown
}

/**
 * The list with every wanted entry in it: entries of the same name are replaced where they are (all of
 * them, where a name is there twice), the others appended. Fields that the wanted entry does not mention
 * stay.
 *
 * @throws MalformedFieldError when the list, an entry or a name has the wrong shape.
 */
export function mergeNamedEntries(list: ObjectField, wanted: readonly NamedEntry[]): readonly unknown[] {
  const current = list.items()
  const merged = current.map((entry) => {
    const replacement = wanted.find(({ name }) => name === nameOf(entry))
    return replacement === undefined ? entry.value : { ...entry.members(), ...replacement }
  })
  const names = new Set(current.map(nameOf))
  return [...merged, ...wanted.filter(({ name }) => !names.has(name))]
}

/** The entry called `name`; the last, where it is there twice, as the last one counts for Helm and the shell. */
export function findNamedEntry(list: ObjectField, name: string): ObjectField | undefined {
  return list.items().findLast((entry) => nameOf(entry) === name)
}

function nameOf(entry: ObjectField): string {
  return entry.member('name').text()
}

/** Entries by name, equal names in the order given: how Argo CD's override files list Helm parameters. */
export function sortNamedEntries<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
): Entry[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
