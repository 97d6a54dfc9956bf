import { describe, expect, it } from 'vitest'
import { ObjectField } from '../../src/lib/application/object-field.ts'
import { helmParameterNames, readHelmImage, setHelmImage } from '../../src/lib/application/override/helm.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

function source(parameters?: unknown): ObjectField {
  return new ObjectField('application "shop"', { helm: { parameters } }, 'spec.source', '/spec/source')
}

function forced(name: string, value: string): object {
  return { name, value, forceString: true }
}

describe('helmParameterNames', () => {
  it.each([
    ['defaults', {}, { spec: '', name: 'image.name', tag: 'image.tag' }],
    ['one name given', { tag: 'web.tag' }, { spec: '', name: 'image.name', tag: 'web.tag' }],
    ['both given', { name: 'a', tag: 'b' }, { spec: '', name: 'a', tag: 'b' }],
    [
      'the whole overrules both',
      { name: 'a', tag: 'b', spec: ' web.image ' },
      { spec: 'web.image', name: '', tag: '' },
    ],
  ])('%s', (_name, targets, names) => {
    expect(helmParameterNames(targets)).toEqual(names)
  })
})

describe('setHelmImage', () => {
  it.each([
    [
      'appends what is missing',
      undefined,
      'org/web:1.2',
      {},
      [forced('image.name', 'org/web'), forced('image.tag', '1.2')],
    ],
    [
      'replaces in place, twice where the name is there twice',
      [forced('image.tag', '1'), { name: 'x', value: 'y' }, forced('image.tag', '2')],
      'org/web:3',
      {},
      [
        forced('image.tag', '3'),
        { name: 'x', value: 'y' },
        forced('image.tag', '3'),
        forced('image.name', 'org/web'),
      ],
    ],
    [
      'writes tag and digest together',
      [],
      `org/web:1@${DIGEST}`,
      { name: 'n', tag: 't' },
      [forced('n', 'org/web'), forced('t', `1@${DIGEST}`)],
    ],
    [
      'invents latest for a digest alone',
      [],
      `org/web@${DIGEST}`,
      { name: 'n', tag: 't' },
      [forced('n', 'org/web'), forced('t', `latest@${DIGEST}`)],
    ],
    [
      'leaves the tag alone where there is none to write',
      [forced('t', '1')],
      'org/web',
      { name: 'n', tag: 't' },
      [forced('t', '1'), forced('n', 'org/web')],
    ],
    [
      'writes the whole reference',
      [],
      'ghcr.io/o/web:1',
      { spec: 'web.image' },
      [forced('web.image', 'ghcr.io/o/web:1')],
    ],
  ])('%s', (_name, parameters, image, targets, expected) => {
    const after = setHelmImage(source(parameters), parseImageReference(image), targets)
    expect(after.member('helm').member('parameters').value).toEqual(expected)
  })
})

describe('readHelmImage', () => {
  it.each([
    ['name and tag', [forced('image.name', 'org/web'), forced('image.tag', '1')], {}, 'org/web:1', '1'],
    [
      'the last of two',
      [forced('image.name', 'w'), forced('image.tag', '1'), forced('image.tag', '2')],
      {},
      'w:2',
      '2',
    ],
    ['a tag alone', [forced('image.tag', '1')], {}, '', '1'],
    ['a name alone declares no version', [forced('image.name', 'w')], {}, '', ''],
    ['the whole', [forced('s', 'w:1')], { spec: 's' }, 'w:1', ''],
    ['nothing', undefined, {}, '', ''],
  ])('%s', (_name, parameters, targets, text, tag) => {
    expect(readHelmImage(source(parameters), targets)).toMatchObject({ text, tag })
  })

  it('names the parameter that is no text', () => {
    expect(() => readHelmImage(source([{ name: 'image.tag', value: 1.5 }]))).toThrow(
      'application "shop": spec.source.helm.parameters[0].value is not a text but number',
    )
  })
})
