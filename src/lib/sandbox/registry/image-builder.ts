import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Platform } from '../../image/platform.ts'
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST } from './media-types.ts'

/** What an image is to be. */
export interface ImageOptions {
  /** Build date in every configuration; default now. */
  readonly created?: Date
  /** Default linux/amd64 and linux/arm64/v8. Exactly one makes a plain manifest without an index. */
  readonly platforms?: readonly Platform[]
  readonly labels?: Readonly<Record<string, string>>
}

/** A piece of content under its own name. */
export interface Content {
  readonly digest: string
  readonly mediaType: string
  readonly bytes: Buffer
}

/** An image: what its tag names, and everything below that. */
export interface BuiltImage {
  /** The index, or the manifest of an image for one platform. */
  readonly root: Content
  readonly manifests: readonly Content[]
  readonly blobs: readonly Content[]
}

const USUAL_PLATFORMS: readonly Platform[] = [
  { os: 'linux', architecture: 'amd64', variant: '' },
  { os: 'linux', architecture: 'arm64', variant: 'v8' },
]

/** `sha256:…` of the bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

// Every image has the same layer: an empty archive, compressed once.
const EMPTY_TAR = Buffer.alloc(1024)
const EMPTY_TAR_DIGEST = digestOf(EMPTY_TAR)
const EMPTY_LAYER = content(OCI_LAYER, gzipSync(EMPTY_TAR))

/** Builds a tiny, valid OCI image: one empty layer, a configuration and a manifest a platform, and their index. */
export function buildImage(options: ImageOptions = {}): BuiltImage {
  const platforms = options.platforms ?? USUAL_PLATFORMS
  const images = platforms.map((platform) => {
    const config = json(OCI_CONFIG, {
      created: (options.created ?? new Date()).toISOString(),
      ...platformFields(platform),
      config: { Labels: { ...options.labels } },
      rootfs: { type: 'layers', diff_ids: [EMPTY_TAR_DIGEST] },
      history: [{ created: (options.created ?? new Date()).toISOString(), created_by: 'sandbox' }],
    })
    const manifest = json(OCI_MANIFEST, {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptor(config),
      layers: [descriptor(EMPTY_LAYER)],
    })
    return { platform, config, manifest }
  })
  const index = json(OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: images.map(({ platform, manifest }) => ({
      ...descriptor(manifest),
      platform: platformFields(platform),
    })),
  })
  const manifests = images.map(({ manifest }) => manifest)
  const [single, ...others] = manifests
  return {
    root: single && others.length === 0 ? single : index,
    manifests,
    blobs: [EMPTY_LAYER, ...images.map(({ config }) => config)],
  }
}

/** The manifest cosign stores under `sha256-….sig`: no image, but a tag like any other. */
export function buildSignature(digest: string): BuiltImage {
  const payload = json('application/vnd.dev.cosign.simplesigning.v1+json', {
    critical: { image: { 'docker-manifest-digest': digest }, type: 'cosign container image signature' },
  })
  const config = json(OCI_CONFIG, { architecture: '', os: '', rootfs: { type: 'layers', diff_ids: [] } })
  const root = json(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptor(config),
    layers: [descriptor(payload)],
  })
  return { root, manifests: [root], blobs: [config, payload] }
}

function platformFields({ os, architecture, variant }: Platform): Record<string, string> {
  return { architecture, os, ...(variant ? { variant } : {}) }
}

function content(mediaType: string, bytes: Buffer): Content {
  return { mediaType, bytes, digest: digestOf(bytes) }
}

function json(mediaType: string, value: unknown): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)))
}

function descriptor({ mediaType, digest, bytes }: Content): Record<string, string | number> {
  return { mediaType, digest, size: bytes.length }
}
