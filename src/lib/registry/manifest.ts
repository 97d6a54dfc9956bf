import type { Platform } from '../image/platform.ts'
import { isDigest } from './digest.ts'
import { LIMITS } from './limits.ts'
import {
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  IMAGE_CONFIGS,
  OCI_INDEX,
  OCI_MANIFEST,
} from './media-type.ts'

/** A pointer to content. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly platform: Platform | undefined
}

export interface ImageManifest {
  readonly kind: 'manifest'
  readonly mediaType: string
  /** Undefined when this is an artifact and no image. */
  readonly config: Descriptor | undefined
  readonly created: Date | undefined
}

export interface ImageIndex {
  readonly kind: 'index'
  readonly mediaType: string
  readonly manifests: readonly Descriptor[]
  readonly created: Date | undefined
}

/** What of an image's configuration matters here. */
export interface ImageConfig {
  readonly platform: Platform
  readonly created: Date | undefined
  /** `config.Labels` as it was received, of any shape. */
  readonly labels: unknown
}

/** Content that is not what its media type says; the message is the half sentence after "the manifest". */
export class ContentError extends Error {}

const CREATED_ANNOTATION = 'org.opencontainers.image.created'

/**
 * Reads a manifest or index, OCI or Docker schema 2. Something that is both at once is refused: two
 * readers could see two images in it (CVE-2021-41190).
 *
 * @throws ContentError
 */
export function parseManifest(body: Buffer): ImageManifest | ImageIndex {
  const json = parseObject(body)
  const hasIndex = Array.isArray(json['manifests'])
  const hasImage = json['config'] !== undefined || json['layers'] !== undefined
  if (json['schemaVersion'] === 1) throw new ContentError('has the withdrawn schema 1; push the image again')
  if (hasIndex && hasImage) throw new ContentError('is an image and an index at once')
  const created = parseDate(asObject(json['annotations'])[CREATED_ANNOTATION])
  const stated = typeof json['mediaType'] === 'string' ? json['mediaType'] : ''
  if (hasIndex) {
    const entries = json['manifests'] as unknown[]
    if (entries.length > LIMITS.indexManifests) throw new ContentError(`lists ${entries.length} images`)
    const mediaType = stated === DOCKER_MANIFEST_LIST ? stated : OCI_INDEX
    return { kind: 'index', mediaType, manifests: entries.map(parseDescriptor), created }
  }
  if (!hasImage) throw new ContentError('is neither an image nor an index')
  const config = json['config'] === undefined ? undefined : parseDescriptor(json['config'])
  return {
    kind: 'manifest',
    mediaType: stated === DOCKER_MANIFEST ? stated : OCI_MANIFEST,
    config: config && IMAGE_CONFIGS.has(config.mediaType) ? config : undefined,
    created,
  }
}

/**
 * Reads an image's configuration.
 *
 * @throws ContentError
 */
export function parseConfig(body: Buffer): ImageConfig {
  const json = parseObject(body)
  const labels = asObject(json['config'])['Labels']
  return { created: parseDate(json['created']), labels, platform: parsePlatform(json) }
}

/** Whether this entry of an index describes another entry (provenance, SBOM) rather than an image. */
export function isAttestation(descriptor: Descriptor): boolean {
  return descriptor.platform?.os === 'unknown' && descriptor.platform.architecture === 'unknown'
}

function parseDescriptor(value: unknown): Descriptor {
  const json = asObject(value)
  const { mediaType, digest, size, platform } = json
  if (typeof digest !== 'string' || !isDigest(digest))
    throw new ContentError('points to content without a digest')
  return {
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    digest,
    size: typeof size === 'number' ? size : 0,
    platform: platform === undefined ? undefined : parsePlatform(asObject(platform)),
  }
}

function parsePlatform(json: Record<string, unknown>): Platform {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return { os: text(json['os']), architecture: text(json['architecture']), variant: text(json['variant']) }
}

/** RFC 3339 as image tools write it; Go's zero time means that no date is stated. */
function parseDate(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined
  if (!/^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.test(value))
    return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) || value.startsWith('0001-01-01') ? undefined : date
}

function parseObject(body: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw new ContentError('is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ContentError('is not a JSON object')
  }
  return value as Record<string, unknown>
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
