import { describe, expect, it } from 'vitest'
import { imageDiffers, indexOfImage } from '../../src/lib/image/image-difference.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { hasRegistryPrefix, shortName } from '../../src/lib/image/short-name.ts'
import { tagsEqual } from '../../src/lib/image/tag.ts'

describe('imageDiffers compares what is written', () => {
  it.each([
    ['x/foo:1', 'x/foo:2', false, false],
    ['x/foo:1', 'x/foo:2', true, true],
    ['x/foo:1', 'x/bar:1', false, true],
    ['nginx', 'docker.io/nginx', false, true],
    ['gcr.io/a/b', 'quay.io/a/b', false, true],
  ])('%s and %s (tags count: %s): %s', (a, b, compareTags, differs) => {
    expect(imageDiffers(parseImageReference(a), parseImageReference(b), compareTags)).toBe(differs)
  })
})

describe('indexOfImage', () => {
  const images = ['a/a:0.1', 'a/b:1.2', 'foo.bar/a/c:0.23'].map(parseImageReference)

  it('finds an image whatever its tag', () => {
    expect(indexOfImage(images, parseImageReference('a/b:9'))).toBe(1)
    expect(indexOfImage(images, parseImageReference('a/b:9'), { compareTags: true })).toBe(-1)
  })

  it('looks for the name in the Kustomize base first, then for the image itself', () => {
    const wanted = parseImageReference('a/b')
    expect(indexOfImage(images, wanted, { kustomizeName: parseImageReference('a/a') })).toBe(0)
    expect(indexOfImage(images, wanted, { kustomizeName: parseImageReference('none') })).toBe(1)
  })
})

describe('tagsEqual', () => {
  it.each([
    ['same name', { name: '1', digest: '' }, { name: '1', digest: '' }, true],
    ['other name', { name: '1', digest: '' }, { name: '2', digest: '' }, false],
    ['same digest under other names', { name: '1', digest: 'd' }, { name: '2', digest: 'd' }, true],
    ['same name, other digest', { name: '1', digest: 'd' }, { name: '1', digest: 'e' }, false],
    ['digest known on one side only', { name: '1', digest: 'd' }, { name: '1', digest: '' }, false],
  ])('%s', (_, a, b, equal) => {
    expect(tagsEqual(a, b)).toBe(equal)
  })
})

describe('short names', () => {
  it.each([
    ['quay.io/org/repo', true, 'org/repo'],
    ['192.168.1.1:5000/image', true, 'image'],
    ['org/repo', false, 'org/repo'],
    ['localhost:5000/x', false, 'localhost:5000/x'],
    ['dotted.name', false, 'dotted.name'],
    ['', false, ''],
  ])('%j has a registry: %s', (name, has, short) => {
    expect(hasRegistryPrefix(name)).toBe(has)
    expect(shortName(name)).toBe(short)
  })
})
