import { canonicalRegistry, type ImageReference } from '../../image/reference.ts'
import type { RegistryEntry } from './registry-entry.ts'

/** Requests a second to a registry that nobody has configured. */
export const INFERRED_LIMIT = 20

/**
 * The entry for an image, undefined when none is meant. An image without a registry: the default entry, else
 * Docker Hub's. Otherwise the entry whose prefix is the host alone, and only then the longest prefix with a
 * path: the order of argocd-image-updater. Prefixes are compared by whole path parts, and an entry without
 * prefix is for the host of its api_url, not for all.
 */
export function findEntry(
  entries: readonly RegistryEntry[],
  image: Pick<ImageReference, 'registry' | 'repository'>,
): RegistryEntry | undefined {
  const chosen = image.registry === '' ? entries.find(({ isDefault }) => isDefault) : undefined
  if (chosen) return chosen
  const host = canonicalRegistry(image.registry)
  const parts = image.repository.split('/')
  let best: { entry: RegistryEntry; depth: number } | undefined
  for (const entry of entries) {
    const [prefixHost = '', ...path] = prefixOf(entry).split('/')
    if (canonicalRegistry(prefixHost) !== host) continue
    if (path.length === 0) return entry
    const matches = path.length <= parts.length && path.every((part, at) => part === parts[at])
    if (matches && path.length > (best?.depth ?? 0)) best = { entry, depth: path.length }
  }
  return best?.entry
}

/** The image prefix an entry is for. */
export function prefixOf({ prefix, apiUrl }: RegistryEntry): string {
  return prefix === '' ? new URL(apiUrl).host : prefix
}

/** Entries that are never used because another has their host as its whole prefix, in words. */
export function shadowedEntries(entries: readonly RegistryEntry[]): string[] {
  return entries.flatMap((entry) => {
    const [host = '', ...path] = prefixOf(entry).split('/')
    const over = entries.find(
      (other) => other !== entry && canonicalRegistry(prefixOf(other)) === canonicalRegistry(host),
    )
    if (path.length === 0 || over === undefined) return []
    return [
      `line ${entry.line}: "${entry.name}" (${prefixOf(entry)}) is never used, because "${over.name}" has all of ${host}`,
    ]
  })
}

/** What is assumed of a registry that no entry is for. */
export function inferEntry(host: string): RegistryEntry {
  return {
    name: host,
    prefix: host,
    apiUrl: `https://${host}`,
    tagSortMode: 'none',
    insecure: false,
    defaultNamespace: '',
    limit: INFERRED_LIMIT,
    isDefault: false,
    line: 0,
  }
}
