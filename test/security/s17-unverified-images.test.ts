import { describe, expect, it } from 'vitest'
import { readApplicationRules } from '../../src/lib/rules/image-updater/application-rules.ts'
import { application, imageUpdater } from '../rules/image-updater/read.ts'

const KEY = 'cosignKey: { secretName: cosign, key: cosign.pub }'

describe('S17: an image that has to be verified is never updated without', () => {
  it.each([
    [
      'for all',
      `{ imagesVerification: { ${KEY} }, applicationRefs: [{ namePattern: shop, images: [{ alias: web, imageName: x }] }] }`,
    ],
    [
      'for one Application',
      `{ applicationRefs: [{ namePattern: shop, imagesVerification: { ${KEY} }, images: [{ alias: web, imageName: x }] }] }`,
    ],
    [
      'for one image',
      `{ applicationRefs: [{ namePattern: shop, images: [{ alias: web, imageName: x, imagesVerification: { ${KEY} } }] }] }`,
    ],
  ])('%s', (_name, spec) => {
    const { rules, problems } = readApplicationRules(application('shop'), [imageUpdater(spec)])
    expect(rules).toEqual([])
    expect(problems).toContainEqual(
      expect.objectContaining({ problem: expect.stringContaining('cannot verify'), severity: 'error' }),
    )
  })
})
