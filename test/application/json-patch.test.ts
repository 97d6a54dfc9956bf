import { describe, expect, it } from 'vitest'
import { pointerStep, valueAt } from '../../src/lib/application/json-patch.ts'

describe('pointerStep', () => {
  it.each([
    ['plain', 'plain'],
    ['a/b~c', 'a~1b~0c'],
    ['~1', '~01'],
    [3, '3'],
  ])('%s becomes %s', (name, step) => {
    expect(pointerStep(name)).toBe(step)
  })
})

describe('valueAt', () => {
  const document = { a: [{ 'x/y': 1 }, null], b: 'text' }
  it.each([
    ['the whole', '', document],
    ['a member of an item', '/a/0/x~1y', 1],
    ['null', '/a/1', null],
    ['past the end', '/a/2', undefined],
    ['below a text', '/b/length', undefined],
    ['what every object inherits', '/constructor', undefined],
  ])('%s', (_name, pointer, value) => {
    expect(valueAt(document, pointer)).toEqual(value)
  })
})
