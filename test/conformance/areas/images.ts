import { imageDiffers, indexOfImage } from '../../../src/lib/image/image-difference.ts'
import {
  formatImageListEntry,
  type ImageListEntry,
  parseImageListEntry,
} from '../../../src/lib/image/image-list-entry.ts'
import { parsePlatform, platformMatches } from '../../../src/lib/image/platform.ts'
import { formatImageReference, repositoryName, tagWithDigest } from '../../../src/lib/image/reference.ts'
import { hasRegistryPrefix, shortName } from '../../../src/lib/image/short-name.ts'
import { type ImageTag, tagsEqual } from '../../../src/lib/image/tag.ts'
import { indexOfDigestTarget, needsUpdate } from '../../../src/lib/policy/needs-update.ts'
import { readStrategyName } from '../../../src/lib/policy/strategy-name.ts'

export const areas = {
  'image-parse': (text: string) => {
    const entry: ImageListEntry = parseImageListEntry(text)
    const { alias, image } = entry
    const versioned = image.tag !== '' || image.digest !== ''
    return {
      alias,
      registry: image.registry,
      name: image.repository,
      tag: versioned ? image.tag : null,
      digest: versioned ? image.digest : null,
      full_name: repositoryName(image),
      full_name_with_tag: formatImageReference(image),
      tag_with_digest: tagWithDigest(image),
      string: formatImageListEntry(entry),
    }
  },
  'registry-prefix': (name: string) => ({
    has_registry_prefix: hasRegistryPrefix(name),
    short_form: shortName(name),
  }),
  'image-list-contains': (input: {
    list: string[]
    needle: string
    needleKustomizeImage?: string
    checkVersion: boolean
  }) => {
    const index = indexOfImage(input.list.map(image), image(input.needle), {
      compareTags: input.checkVersion,
      ...(input.needleKustomizeImage && { kustomizeName: image(input.needleKustomizeImage) }),
    })
    return index < 0 ? null : index
  },
  'image-differs': (input: { a: string; b: string; checkVersion: boolean }) =>
    imageDiffers(image(input.a), image(input.b), input.checkVersion),
  'tag-equals': (input: { a: ImageTag; b: ImageTag }) => tagsEqual(input.a, input.b),
  'digest-live-match': (input: { configured: string; live: string[]; latestDigest: string }) => {
    const index = indexOfDigestTarget(input.live.map(image), image(input.configured), input.latestDigest)
    return index < 0 ? null : index
  },
  'needs-update': (input: {
    live: string
    configured: string
    strategy: string
    latest: { tag: string; digest: string }
    kustomizeImage: string
  }) =>
    needsUpdate({
      strategy: readStrategyName(input.strategy).name,
      live: image(input.live),
      configured: image(input.configured),
      latest: { name: input.latest.tag, digest: input.latest.digest },
      renames: input.kustomizeImage !== '',
    }),
  'platform-parse': (text: string) => {
    const { os, architecture, variant } = parsePlatform(text)
    return { os, arch: architecture, variant }
  },
  'platform-match': (input: { configured: string[]; platform: string }) => {
    const offered = parsePlatform(input.platform)
    const wantedOnes = input.configured.map((text) => {
      try {
        return [parsePlatform(text)]
      } catch {
        return undefined // the original matches nothing with it; here it stops the whole rule
      }
    })
    if (wantedOnes.length === 0) return platformMatches([], offered)
    return wantedOnes.some((wanted) => wanted !== undefined && platformMatches(wanted, offered))
  },
}

function image(text: string) {
  return parseImageListEntry(text).image
}
