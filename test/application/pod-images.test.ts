import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { digestOfImageId, podImages } from '../../src/lib/application/pod-images.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'

const A = `sha256:${'a'.repeat(64)}`
const B = `sha256:${'b'.repeat(64)}`
const WEB = parseImageReference('ghcr.io/org/web')

function pod(
  name: string,
  imageID: string,
  more: { metadata?: object; phase?: string } = {},
): KubernetesObject {
  return {
    metadata: { name, ...more.metadata },
    spec: { containers: [{ name: 'app', image: 'ghcr.io/org/web:production' }] },
    status: { phase: more.phase ?? 'Running', containerStatuses: [{ name: 'app', imageID }] },
  }
}

describe('digestOfImageId', () => {
  it.each([
    ['containerd', `ghcr.io/org/web@${A}`, A],
    ['docker', `docker-pullable://ghcr.io/org/web@${A}`, A],
    ['the digest of a configuration', A, ''],
    ['docker without a repository', `docker://${A}`, ''],
    ['a bare identifier', 'a'.repeat(64), ''],
    ['a container that waits', '', ''],
    ['a text that only looks like it', 'web@latest', ''],
  ])('%s', (_name, imageId, digest) => {
    expect(digestOfImageId(imageId)).toBe(digest)
  })
})

describe('podImages', () => {
  it('tells one digest where all Pods run the same', () => {
    const pods = [pod('a', `ghcr.io/org/web@${A}`), pod('b', `mirror.example.com/web@${A}`)]
    expect(podImages(pods, WEB)).toMatchObject({ digests: [A], unknown: 0 })
  })

  it('tells several in the middle of a rollout, and counts what is not known yet', () => {
    const pods = [pod('a', `w@${A}`), pod('b', `w@${B}`), pod('c', ''), pod('d', A)]
    expect(podImages(pods, WEB)).toMatchObject({ digests: [A, B], unknown: 2 })
  })

  it.each([
    ['being deleted', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    ['completed', { phase: 'Succeeded' }],
    ['evicted', { phase: 'Failed' }],
  ])('does not count a Pod that is %s', (_name, more) => {
    expect(podImages([pod('a', `w@${A}`, more)], WEB).images).toEqual([])
  })

  it('finds init and ephemeral containers, and leaves other images out', () => {
    const mixed = {
      metadata: { name: 'p' },
      spec: {
        containers: [{ name: 'proxy', image: 'envoy:1' }],
        initContainers: [{ name: 'migrate', image: 'ghcr.io/org/web:1' }],
        ephemeralContainers: [{ name: 'debug', image: 'ghcr.io/org/web:2' }],
      },
      status: {
        containerStatuses: [{ name: 'proxy', imageID: `envoy@${B}` }],
        initContainerStatuses: [{ name: 'migrate', imageID: `w@${A}` }],
      },
    }
    const { images } = podImages([mixed], WEB)
    expect(images.map(({ container, kind, digest }) => [container, kind, digest])).toEqual([
      ['migrate', 'init', A],
      ['debug', 'ephemeral', ''],
    ])
  })

  it('copes with a Pod that has no status yet', () => {
    const fresh = {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'app', image: 'ghcr.io/org/web:1' }] },
    }
    expect(podImages([fresh], WEB)).toMatchObject({ digests: [], unknown: 1 })
  })
})
