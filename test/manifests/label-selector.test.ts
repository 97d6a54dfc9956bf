import { describe, expect, it } from 'vitest'
import { fieldSelector, labelSelector, SelectorError } from '../../src/lib/manifests/label-selector.ts'

const LABELS = { app: 'web', 'example.com/tier': 'front', empty: '' }

describe('labelSelector', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web, example.com/tier=front', true],
    ['app=api', false],
    ['app!=api', true],
    ['absent!=x', true],
    ['absent=', false],
    ['empty=', true],
    ['app', true],
    ['!app', false],
    ['!absent', true],
    ['app in (api, web)', true],
    ['app in (api),empty', false],
    ['app notin (web)', false],
    ['absent notin (web)', true],
  ])('%j: %s', (selector, expected) => {
    expect(labelSelector(selector)(LABELS)).toBe(expected)
  })

  it.each(['app=(', 'a b', '=x', 'app in web', '-x=y'])('%j cannot be read', (selector) => {
    expect(() => labelSelector(selector)).toThrow(SelectorError)
  })
})

describe('fieldSelector', () => {
  it('selects by name and namespace, and by nothing else', () => {
    const fields = { 'metadata.name': 'shop', 'metadata.namespace': '' }
    expect(fieldSelector('metadata.name=shop,metadata.namespace!=x')(fields)).toBe(true)
    expect(fieldSelector('metadata.name!=shop')(fields)).toBe(false)
    expect(() => fieldSelector('spec.project=x')).toThrow('"spec.project=x" is not supported')
  })
})
