import { describe, expect, it } from 'vitest'
import { checkImages } from '../../../src/lib/engine/check.ts'
import { isUpdatable } from '../../../src/lib/engine/checked-image.ts'
import {
  changesOf,
  describedUpdates,
  labelledUpdates,
} from '../../../src/lib/engine/git/described-updates.ts'
import type { Platform } from '../../../src/lib/image/platform.ts'
import { formatImageReference, type ImageReference } from '../../../src/lib/image/reference.ts'
import { FakeRegistry } from '../../engine/fake-registry.ts'
import { type ApplicationText, contextOf, managed } from '../world.ts'

/** Labels that images have; the others have none. */
class LabelledRegistry extends FakeRegistry {
  readonly labels: Readonly<Record<string, unknown>> = {
    '1.4.2': { 'org.opencontainers.image.revision': 'aaaaaaa' },
    '1.5.0': { 'org.opencontainers.image.revision': 'bbbbbbb', note: 'two\nlines' },
  }

  override async describe(image: ImageReference, tagOrDigest: string, platforms: readonly Platform[]) {
    const found = await super.describe(image, tagOrDigest, platforms)
    return { ...found, labels: this.labels[tagOrDigest] }
  }
}

const SHOP: ApplicationText = {
  kustomize: ['org/web:1.4.2', 'org/api:2.0.0'],
  rules: { 'image-list': 'web=org/web, api=org/api' },
}

async function updates(
  web: Record<string, { broken?: boolean; createdAt?: string }>,
  ...texts: ApplicationText[]
) {
  const registry = new LabelledRegistry({ 'org/api': { '2.1.0': {} }, 'org/web': web })
  const rows = await checkImages(contextOf(registry), texts.flatMap(managed))
  return { images: rows.filter(isUpdatable), registry }
}

describe('updates for those who edit files and write messages', () => {
  it('are one entry an Application, with the image before and after', async () => {
    const blog = { kustomize: ['org/web:1.4.2'], name: 'blog', rules: { 'image-list': 'web=org/web' } }
    const { images } = await updates({ '1.5.0': {} }, SHOP, blog)
    const told = changesOf(images).map(({ application, images, namespace }) => [
      `${namespace}/${application}`,
      images.map(({ after, alias, before }) => [
        alias,
        before && formatImageReference(before),
        formatImageReference(after),
      ]),
    ])
    expect(told).toEqual([
      [
        'argocd/shop',
        [
          ['web', 'org/web:1.4.2', 'org/web:1.5.0'],
          ['api', 'org/api:2.0.0', 'org/api:2.1.0'],
        ],
      ],
      ['argocd/blog', [['web', 'org/web:1.4.2', 'org/web:1.5.0']]],
    ])
    expect(describedUpdates(images).map(({ application }) => application)).toEqual(['shop', 'blog'])
  })
})

describe('labels', () => {
  it('are read of the image before and of the image after', async () => {
    const { images, registry } = await updates({ '1.4.2': {}, '1.5.0': {} }, SHOP)
    const [shop] = await labelledUpdates(images, () => registry)
    expect(shop?.images[0]).toMatchObject({
      labels: { 'org.opencontainers.image.revision': 'bbbbbbb' },
      labelsBefore: { 'org.opencontainers.image.revision': 'aaaaaaa' },
    })
    expect(shop?.images[0]?.labels?.['note']).not.toContain('\n')
  })

  it('of an image that is gone, or that the registry does not give, are none', async () => {
    const { images, registry } = await updates({ '1.5.0': { broken: true } }, SHOP)
    const [shop] = await labelledUpdates(images, () => registry)
    expect(shop?.images.map(({ labels, labelsBefore }) => ({ labels, labelsBefore }))).toEqual([
      { labels: {}, labelsBefore: {} },
      { labels: {}, labelsBefore: {} },
    ])
    expect(registry.asked).toContain('describe org/web:1.4.2')
  })

  it('a fault of this program is not hidden', async () => {
    const { images } = await updates({ '1.5.0': {} }, SHOP)
    const broken = new LabelledRegistry()
    broken.describe = async () => {
      throw new TypeError('a fault')
    }
    await expect(labelledUpdates(images, () => broken)).rejects.toThrow('a fault')
  })
})
