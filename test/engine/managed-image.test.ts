import { describe, expect, it } from 'vitest'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { applicationOf } from './world.ts'

function manage(rules: Record<string, string>) {
  const { images, faulty, warnings } = manageImages([applicationOf({ rules })], readAnnotationRules)
  return {
    faulty: faulty.map(({ key, error }) => `${key}: ${error.fault.key} ${error.fault.value}`),
    images: images.map(({ key }) => key),
    warnings: warnings.map(({ key, value }) => `${key} ${value}`),
  }
}

describe('manageImages', () => {
  it.each<[string, Record<string, string>, ReturnType<typeof manage>]>([
    ['no rules', {}, { faulty: [], images: [], warnings: [] }],
    [
      'an alias names the image, the repository does without one',
      { 'image-list': 'web=org/web, ghcr.io/org/api' },
      { faulty: [], images: ['argocd/shop/web', 'argocd/shop/ghcr.io/org/api'], warnings: [] },
    ],
    [
      'a fault stops its own image',
      { 'image-list': 'web=org/web, api=org/api', 'web.allow-tags': '^v1' },
      { faulty: ['argocd/shop/web: web.allow-tags ^v1'], images: ['argocd/shop/api'], warnings: [] },
    ],
    [
      'the first problem of an image is its row, the others are told',
      { 'image-list': 'web=org/web', 'web.allow-tags': '^v1', 'web.update-strategy': 'sevmer' },
      {
        faulty: ['argocd/shop/web: web.update-strategy sevmer'],
        images: [],
        warnings: ['web.allow-tags ^v1'],
      },
    ],
    [
      'every entry without alias that cannot be read has a row',
      { 'image-list': 'org/web@bad, org/api@bad, db=org/db' },
      {
        faulty: [
          'argocd/shop/image-list org/web@bad: image-list org/web@bad',
          'argocd/shop/image-list org/api@bad: image-list org/api@bad',
        ],
        images: ['argocd/shop/db'],
        warnings: [],
      },
    ],
    [
      'a second image under one alias has a key of its own',
      { 'image-list': 'web=org/web, web=org/other' },
      {
        faulty: ['argocd/shop/image-list web=org/other: image-list web=org/other'],
        images: ['argocd/shop/web'],
        warnings: [],
      },
    ],
    [
      'settings without an image-list are worth a word',
      { 'web.update-strategy': 'semver' },
      { faulty: [], images: [], warnings: ['web.update-strategy semver'] },
    ],
  ])('%s', (_name, rules, expected) => {
    expect(manage(rules)).toEqual(expected)
  })

  it('says in one line what is wrong with a rule, and in another what is right', () => {
    const app = applicationOf({ rules: { 'image-list': 'web=org/web', 'web.update-strategy': 'sevmer' } })
    const [image] = manageImages([app], readAnnotationRules).faulty
    expect(image?.error.message).toBe('web.update-strategy "sevmer": "sevmer" is not an update strategy')
    expect(image?.error.remedy).toBe('Write semver')
  })
})
