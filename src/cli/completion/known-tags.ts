import { homedir } from 'node:os'
import { canonicalRepository, parseImageReference } from '../../lib/image/reference.ts'
import { cacheFolder } from '../../lib/state/cache-folder.ts'
import { ListedTags } from '../../lib/state/listed-tags.ts'

const DOCKER_HUB = /^docker\.io\/(?:library\/)?/

/** The tags of a canonical repository as a command of this machine last listed them. No registry is asked. */
export function knownTags(repository: string): Promise<string[]> {
  return listedTags().tagsOf(repository)
}

/**
 * The images that a half-written one can become: repositories whose tags are known, as people write them, and
 * behind a colon the tags.
 */
export async function knownReferences(text: string): Promise<string[]> {
  const repositories = (await listedTags().repositories()).filter(isReference)
  const written = text.startsWith('docker.io') ? repositories : repositories.map(shortName)
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1)
  if (colon < 0) return written.toSorted()
  const tags = await tagsOfReference(text.slice(0, colon))
  return [...tags.map((tag) => `${text.slice(0, colon)}:${tag}`), ...written.toSorted()]
}

/** The tags of an image as it is written. */
export async function tagsOfReference(text: string): Promise<string[]> {
  return isReference(text) ? knownTags(canonicalRepository(parseImageReference(text))) : []
}

function listedTags(): ListedTags {
  return new ListedTags(cacheFolder(process.env, homedir()))
}

function shortName(repository: string): string {
  return repository.replace(DOCKER_HUB, '')
}

function isReference(text: string): boolean {
  try {
    parseImageReference(text)
    return true
  } catch {
    return false
  }
}
