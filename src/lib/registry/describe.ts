import type { Platform } from '../image/platform.ts'
import {
  ContentError,
  type Descriptor,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  isAttestation,
  parseConfig,
  parseManifest,
} from './manifest.ts'
import type { ImageDescription } from './registry.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'

/** Reads content by digest; what it returns has been checked against the digest. */
export interface ContentReader {
  manifest(digest: string): Promise<Buffer>
  /** Undefined where this registry gives access to manifests only. */
  config(descriptor: Descriptor): Promise<Buffer | undefined>
}

/**
 * Describes the image or index a digest names. Reads the configuration of an image, or of those images of
 * an index that `platforms` asks for (all of them when it is empty). The date is the configuration's
 * `created`, else the annotation `org.opencontainers.image.created` of the manifest, else of the index.
 * Platforms are empty when the image does not tell (an artifact, or configurations are out of reach).
 *
 * @throws RegistryError of kind `malformed` for content that is no image; else as `reader` does.
 */
export async function describeImage(
  reader: ContentReader,
  digest: string,
  platforms: readonly Platform[],
  subject: RequestSubject,
): Promise<ImageDescription> {
  try {
    const manifest = parseManifest(await reader.manifest(digest))
    return manifest.kind === 'index'
      ? await describeIndex(reader, digest, manifest, platforms)
      : await describeManifest(reader, digest, manifest)
  } catch (error) {
    if (error instanceof ContentError) {
      throw new RegistryError('malformed', subject, `the manifest ${error.message}`, { cause: error })
    }
    throw error
  }
}

async function describeManifest(
  reader: ContentReader,
  digest: string,
  manifest: ImageManifest,
): Promise<ImageDescription> {
  const config = await readConfig(reader, manifest)
  const createdAt = config?.created ?? manifest.created
  return {
    digest,
    mediaType: manifest.mediaType,
    platforms: config ? [config.platform] : [],
    manifests: [],
    ...(createdAt && { createdAt }),
    ...(config?.labels !== undefined && { labels: config.labels }),
  }
}

async function describeIndex(
  reader: ContentReader,
  digest: string,
  index: ImageIndex,
  wanted: readonly Platform[],
): Promise<ImageDescription> {
  const images = index.manifests.filter((each) => !isAttestation(each))
  const read = await Promise.all(
    images.map(async (each) => {
      const { platform } = each
      const asked =
        platform === undefined || wanted.length === 0 || wanted.some((one) => covers(one, platform))
      if (!asked) return { platform, created: undefined, labels: undefined }
      const manifest = parseManifest(await reader.manifest(each.digest))
      const config = manifest.kind === 'manifest' ? await readConfig(reader, manifest) : undefined
      return {
        created: config?.created ?? manifest.created,
        labels: config?.labels,
        platform: platform ?? config?.platform,
      }
    }),
  )
  const dates = read.flatMap(({ platform, created }) =>
    created && (wanted.length === 0 || (platform && wanted.some((one) => covers(one, platform))))
      ? [created]
      : [],
  )
  const newest = dates.reduce<Date | undefined>((a, b) => (a && a > b ? a : b), undefined)
  const createdAt = newest ?? index.created
  const labelled = read.find(({ labels }) => labels !== undefined)
  return {
    digest,
    mediaType: index.mediaType,
    platforms: read.flatMap(({ platform }) => (platform ? [platform] : [])),
    manifests: images.map((each) => each.digest),
    ...(createdAt && { createdAt }),
    ...(labelled && { labels: labelled.labels }),
  }
}

async function readConfig(reader: ContentReader, manifest: ImageManifest): Promise<ImageConfig | undefined> {
  const body = manifest.config && (await reader.config(manifest.config))
  return body && parseConfig(body)
}

/** Whether a wanted platform takes this one: without a variant any variant, and arm64 is arm64/v8. */
function covers(wanted: Platform, offered: Platform): boolean {
  const variant = (platform: Platform) =>
    platform.architecture === 'arm64' && platform.variant === 'v8' ? '' : platform.variant
  return (
    wanted.os === offered.os &&
    wanted.architecture === offered.architecture &&
    (variant(wanted) === '' || variant(wanted) === variant(offered))
  )
}
