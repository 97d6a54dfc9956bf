import { parseImageReference } from '../../../src/lib/image/reference.ts'
import { findAuthOf, parseDockerConfigJson } from '../../../src/lib/registry/credentials/docker-config.ts'
import { parseUserPassword } from '../../../src/lib/registry/credentials/user-password.ts'
import { findEntry, inferEntry } from '../../../src/lib/rules/registries-conf/find-entry.ts'
import { parseRegistriesConf } from '../../../src/lib/rules/registries-conf/parse.ts'
import type { RegistryEntry } from '../../../src/lib/rules/registries-conf/registry-entry.ts'
import { readTagSortMode } from '../../../src/lib/rules/registries-conf/tag-sort-mode.ts'

/** The cases of a registries.conf list the entries that they are about. */
export const statedInPart = ['registries-conf']

export const areas = {
  'env-credential': (value: string) => parseUserPassword(value),
  /** Asked about user names and passwords, by the one name that the API goes by. */
  'docker-config-json': (input: { registryURL: string; json: string }) => {
    const host = input.registryURL.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
    const credential = findAuthOf(parseDockerConfigJson(input.json), [host], '', 'case')
    if (credential?.kind !== 'password') throw new Error('no user name and password')
    return { username: credential.username, password: credential.password }
  },
  'registries-conf': (text: string) => {
    const entries = parseRegistriesConf(text, 'registries.conf')
    const byPrefix = (value: (entry: RegistryEntry) => unknown) =>
      Object.fromEntries(entries.map((entry) => [entry.prefix, value(entry)]))
    return {
      count: entries.length,
      default_prefix: entries.find(({ isDefault }) => isDefault)?.prefix,
      credentials: byPrefix(({ credentials }) => credentials?.text),
      credsexpire_seconds: byPrefix(({ credentialsLifetime = 0 }) => credentialsLifetime / 1000 || undefined),
      ca_file: byPrefix(({ caFile }) => caFile),
      limit: byPrefix(({ limit }) => limit),
    }
  },
  'registry-lookup': (input: { prefixes: readonly string[]; image: string }) => {
    const image = parseImageReference(input.image)
    if (image.registry === '') return { endpoint: 'default' }
    const elsewhere = { ...inferEntry('elsewhere.example.com'), prefix: '' }
    const entries = input.prefixes.map((prefix) => ({ ...elsewhere, prefix }))
    return { endpoint: findEntry(entries, image)?.prefix }
  },
  'registry-infer': (host: string) => {
    const { name, prefix, apiUrl, tagSortMode, limit, insecure } = inferEntry(host)
    return { name, prefix, api_url: apiUrl, tagsortmode: wordFor(tagSortMode), limit, insecure }
  },
  'tag-sort-mode': (text: string) => wordFor(readTagSortMode(text)),
}

/** The words of the cases for no order and for a mode that is not known. */
function wordFor(mode: RegistryEntry['tagSortMode'] | undefined): string {
  return mode === 'none' ? 'unsorted' : (mode ?? 'unknown')
}
