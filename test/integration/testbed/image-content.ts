import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Platform } from '../../../src/lib/image/platform.ts'

/** Something a registry keeps under its digest. */
export interface Content {
  readonly mediaType: string
  readonly digest: string
  readonly bytes: Buffer
}

/** A tiny image: blobs first, then the manifests that name them, then what the tag names. */
export interface ImageContent {
  readonly blobs: readonly Content[]
  /** One a platform. */
  readonly manifests: readonly Content[]
  /** The index, or the only manifest. */
  readonly top: Content
}

export interface ImageOptions {
  /** More than one: an index. */
  readonly platforms?: readonly Platform[]
  /** The publisher's build date. */
  readonly created?: Date
  readonly labels?: Readonly<Record<string, string>>
  readonly format?: 'oci' | 'docker'
}

const MULTI_ARCHITECTURE: readonly Platform[] = [
  { os: 'linux', architecture: 'amd64', variant: '' },
  { os: 'linux', architecture: 'arm64', variant: 'v8' },
]

const MEDIA_TYPES = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
}
const EMPTY_TAR = Buffer.alloc(1024)

/** Makes an image of one empty layer; equal options make equal digests. */
export function imageContent(options: ImageOptions = {}): ImageContent {
  const { platforms = MULTI_ARCHITECTURE, created = new Date(), labels = {}, format = 'oci' } = options
  const types = MEDIA_TYPES[format]
  const layer = content(types.layer, gzipSync(EMPTY_TAR))
  const built = platforms.map(({ os, architecture, variant }) => {
    const platform = { os, architecture, ...(variant && { variant }) }
    const config = json(types.config, {
      ...platform,
      created: created.toISOString(),
      config: { Labels: labels },
      rootfs: { type: 'layers', diff_ids: [digestOf(EMPTY_TAR)] },
      history: [{ created: created.toISOString() }],
    })
    const manifest = json(types.manifest, {
      schemaVersion: 2,
      mediaType: types.manifest,
      config: descriptor(config),
      layers: [descriptor(layer)],
    })
    return { platform, config, manifest }
  })
  const manifests = built.map(({ manifest }) => manifest)
  const index = json(types.index, {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: built.map(({ manifest, platform }) => ({ ...descriptor(manifest), platform })),
  })
  const [only] = manifests
  return {
    blobs: [layer, ...built.map(({ config }) => config)],
    manifests,
    top: only && manifests.length === 1 ? only : index,
  }
}

function json(mediaType: string, value: object): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)))
}

function content(mediaType: string, bytes: Buffer): Content {
  return { mediaType, digest: digestOf(bytes), bytes }
}

function descriptor({ mediaType, digest, bytes }: Content): object {
  return { mediaType, digest, size: bytes.length }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
