import { describe, expect, it } from 'vitest'
import { ObjectField } from '../../src/lib/application/object-field.ts'
import {
  readKustomizeImage,
  sameKustomizeImage,
  setKustomizeImage,
} from '../../src/lib/application/override/kustomize.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'

function source(images?: unknown): ObjectField {
  const value = images === undefined ? {} : { kustomize: { images } }
  return new ObjectField('application "shop"', value, 'spec.source', '/spec/source')
}

describe('sameKustomizeImage', () => {
  it.each([
    ['web:1', 'web:2', true],
    ['web@sha256:aa', 'web:2', true],
    ['docker.io/library/nginx:1', 'nginx', true],
    ['registry:5000/a:1', 'registry:5000/b:1', false],
    ['registry:5000/a', 'registry:5001/a', false],
    ['quay.io/org/a:1', 'gcr.io/org/a:1', false],
    ['web=a:1', 'web=b:2', true],
    ['web=a:1', 'api=a:1', false],
    ['web=a:1', 'web:1', false],
    ['*:1', 'web:1', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(sameKustomizeImage(a, b)).toBe(same)
    expect(sameKustomizeImage(b, a)).toBe(same)
  })
})

describe('setKustomizeImage', () => {
  it.each([
    ['replaces its entry in place', ['a:1', 'web:1', 'b:1'], 'web:2', '', ['a:1', 'web:2', 'b:1']],
    ['appends where there is none', ['a:1'], 'web:2', '', ['a:1', 'web:2']],
    ['begins a list', undefined, 'web:2', '', ['web:2']],
    ['replaces every entry for the image', ['web:1', 'web:1.5'], 'web:2', '', ['web:2', 'web:2']],
    [
      'leaves another image on the same host and port alone',
      ['reg:5000/a:1'],
      'reg:5000/b:2',
      '',
      ['reg:5000/a:1', 'reg:5000/b:2'],
    ],
    [
      'leaves the same name on another registry alone',
      ['quay.io/org/a:1'],
      'gcr.io/org/a:2',
      '',
      ['quay.io/org/a:1', 'gcr.io/org/a:2'],
    ],
    ['keeps the name that the base uses', ['web=org/web:1'], 'org/web:2', '', ['web=org/web:2']],
    [
      'changes only the entry of the named original',
      ['a=org/web:1', 'b=org/web:1'],
      'org/web:2',
      'b',
      ['a=org/web:1', 'b=org/web:2'],
    ],
    [
      'gives a plain entry for the image the named original',
      ['org/web:1'],
      'org/web:2',
      'web',
      ['web=org/web:2'],
    ],
    [
      'replaces a plain entry called like the original',
      ['web:1'],
      'ghcr.io/o/web:2',
      'web',
      ['web=ghcr.io/o/web:2'],
    ],
    ['appends for a named original', ['a:1'], 'org/web:2', 'web', ['a:1', 'web=org/web:2']],
  ])('%s', (_name, images, image, original, expected) => {
    const after = setKustomizeImage(source(images), parseImageReference(image), original)
    expect(after.member('kustomize').member('images').value).toEqual(expected)
  })

  it('keeps the other fields of the block', () => {
    const before = new ObjectField('x', { path: 'p', kustomize: { namePrefix: 'n-' } })
    expect(setKustomizeImage(before, parseImageReference('web:2')).value).toEqual({
      path: 'p',
      kustomize: { namePrefix: 'n-', images: ['web:2'] },
    })
  })
})

describe('readKustomizeImage', () => {
  it.each([
    ['a plain entry', ['a:1', 'web:1'], '', 'web:1', 'spec.source.kustomize.images[1]'],
    [
      'the entry of the named original',
      ['a=web:1', 'b=web:2'],
      'b',
      'b=web:2',
      'spec.source.kustomize.images[1]',
    ],
    [
      'an entry that puts the image in place of another',
      ['x=web:3'],
      '',
      'x=web:3',
      'spec.source.kustomize.images[0]',
    ],
    ['nothing', ['a:1'], '', '', ''],
  ])('%s', (_name, images, original, text, field) => {
    const written = readKustomizeImage(source(images), parseImageReference('web'), original)
    expect(written).toMatchObject({ text, field })
  })

  it('names the entry that is no text', () => {
    expect(() => readKustomizeImage(source(['a', 5]), parseImageReference('web'))).toThrow(
      'application "shop": spec.source.kustomize.images[1] is not a text but number',
    )
  })
})
