import { UserError } from '../errors.ts'

/**
 * An image as people write it: `[registry/]repository[:tag][@digest]`. Only {@link parseImageReference}
 * makes one, so holding one is proof that the text was well-formed.
 *
 * `registry` is '' when the text names none (Docker Hub is meant); `tag` and `digest` are '' when absent.
 * In a rule, `tag` holds whatever follows the colon and may be a version constraint such as `>=1.0 <2.0`.
 */
export interface ImageReference {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
}

export class ImageReferenceError extends UserError {}

const DOCKER_HUB = 'docker.io'
const DOCKER_HUB_LEGACY = 'index.docker.io'
const DOCKER_HUB_ALIASES = new Set([DOCKER_HUB, DOCKER_HUB_LEGACY, 'registry-1.docker.io'])
/** Docker Hub's official images live under `library/`, which people leave out. */
const OFFICIAL_IMAGE = /^library\/(?=[^/]+$)/
const DIGEST = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-zA-Z]+$/
const REPOSITORY = /^[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*(?:\/[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*)*$/
const REGISTRY = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::[0-9]{1,5})?$/
/** Longer than any registry allows (255 for the name, 128 for the tag) with room for a digest and a constraint. */
const LONGEST = 1024

/**
 * Reads `[registry/]repository[:tag][@digest]`. The first path part is a registry when it holds a `.` or
 * a `:` or is `localhost` (the Distribution reference grammar); the tag is whatever follows the first
 * colon after the last slash of the name, so that version constraints survive.
 *
 * `index.docker.io/library/nginx` reads as `nginx`, and `docker.io/library/nginx` as `docker.io/nginx`; a
 * `docker.io/` or a `library/` without a registry is kept as written.
 *
 * @throws ImageReferenceError when there is no repository, or a part is not well-formed.
 */
export function parseImageReference(text: string): ImageReference {
  if (text.length > LONGEST) {
    throw malformed(`${text.slice(0, 40)}…`, `it has ${text.length} characters, more than ${LONGEST}`)
  }
  const { name, tag, digest } = splitName(text.trim())
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const isRegistry = first.includes('.') || first.includes(':') || first === 'localhost'
  let registry = isRegistry ? first : ''
  let repository = isRegistry ? name.slice(slash + 1) : name
  if (registry === DOCKER_HUB || registry === DOCKER_HUB_LEGACY) {
    repository = repository.replace(OFFICIAL_IMAGE, '')
  }
  if (registry === DOCKER_HUB_LEGACY) registry = ''
  if (repository === '') throw malformed(text, 'it names no repository')
  if (!REPOSITORY.test(repository)) throw malformed(text, `"${repository}" is not a repository name`)
  if (registry !== '' && !REGISTRY.test(registry)) throw malformed(text, `"${registry}" is not a host`)
  if (digest !== '' && !DIGEST.test(digest)) throw malformed(text, `"${digest}" is not a digest`)
  return { registry, repository, tag, digest }
}

/** The reference as text, each part only where present: `registry/repository:tag@digest`. */
export function formatImageReference(image: ImageReference): string {
  return `${repositoryName(image)}${image.tag ? `:${image.tag}` : ''}${image.digest ? `@${image.digest}` : ''}`
}

/** `registry/repository` as it was written, without tag and digest. */
export function repositoryName(image: ImageReference): string {
  return image.registry ? `${image.registry}/${image.repository}` : image.repository
}

/**
 * The version part as it is written into a Helm parameter: `tag`, `tag@digest`, or '' when neither is
 * known. A digest alone becomes `latest@digest`, because a chart puts `:` before the value.
 */
export function tagWithDigest(image: Pick<ImageReference, 'tag' | 'digest'>): string {
  return image.digest === '' ? image.tag : `${image.tag || 'latest'}@${image.digest}`
}

/**
 * The one spelling by which two references are compared: `nginx`, `docker.io/nginx` and
 * `index.docker.io/library/nginx` are all `docker.io/library/nginx`.
 */
export function canonicalRepository(image: ImageReference): string {
  const hub = image.registry === '' || DOCKER_HUB_ALIASES.has(image.registry)
  if (!hub) return `${image.registry.toLowerCase()}/${image.repository}`
  return `${DOCKER_HUB}/${image.repository.includes('/') ? image.repository : `library/${image.repository}`}`
}

/** The one spelling of a registry host: lower case, without the port of https, and `docker.io` for Docker Hub and for none. */
export function canonicalRegistry(host: string): string {
  const name = host.toLowerCase().replace(/:443$/, '')
  return name === '' || DOCKER_HUB_ALIASES.has(name) ? DOCKER_HUB : name
}

/** Whether both name the same repository, however each spells Docker Hub. */
export function sameRepository(a: ImageReference, b: ImageReference): boolean {
  return canonicalRepository(a) === canonicalRepository(b)
}

/** The same repository at another tag and digest ('' for none). */
export function withTag(image: ImageReference, tag: string, digest = ''): ImageReference {
  return { ...image, tag, digest }
}

function splitName(text: string): { name: string; tag: string; digest: string } {
  const constraintStart = text.search(/[\s^~><=*|]/)
  const head = constraintStart < 0 ? text : text.slice(0, constraintStart)
  const at = head.lastIndexOf('@')
  const beforeDigest = at < 0 ? text : text.slice(0, at)
  const digest = at < 0 ? '' : text.slice(at + 1)
  const slash = (constraintStart < 0 ? beforeDigest : head).lastIndexOf('/')
  const colon = beforeDigest.indexOf(':', slash + 1)
  if (colon < 0) return { name: beforeDigest, tag: '', digest }
  return { name: beforeDigest.slice(0, colon), tag: beforeDigest.slice(colon + 1).trim(), digest }
}

function malformed(text: string, why: string): ImageReferenceError {
  return new ImageReferenceError(
    `"${text}" is not an image reference: ${why}`,
    'Write [registry/]repository[:tag][@digest], for example ghcr.io/org/app:1.2',
  )
}
