import { describe, expect, it } from 'vitest'
import { ResourceAnswersError, specWithImage } from '../../src/lib/rules/write-image-updater.ts'

const WEB = { alias: 'web', image: 'ghcr.io/shop/web' }

describe('specWithImage', () => {
  it('writes a first rule', () => {
    const answers = {
      ...WEB,
      constraint: '^1.4',
      strategy: 'semver',
      tagFilter: String.raw`^1\.`,
      ignoreTags: ['*-rc*'],
      platforms: ['linux/amd64'],
      forceUpdate: true,
      pullSecret: 'pullsecret:regcred',
      helmName: 'web.image',
      helmTag: 'web.tag',
      writeBack: 'git',
      gitBranch: 'main',
    }
    expect(specWithImage(undefined, undefined, 'shop', answers)).toEqual({
      applicationRefs: [
        {
          namePattern: 'shop',
          writeBackConfig: { method: 'git', gitConfig: { branch: 'main' } },
          images: [
            {
              alias: 'web',
              imageName: 'ghcr.io/shop/web:^1.4',
              commonUpdateSettings: {
                updateStrategy: 'semver',
                forceUpdate: true,
                allowTags: String.raw`regexp:^1\.`,
                ignoreTags: ['*-rc*'],
                pullSecret: 'pullsecret:regcred',
                platforms: ['linux/amd64'],
              },
              manifestTargets: { helm: { name: 'web.image', tag: 'web.tag' } },
            },
          ],
        },
      ],
    })
  })

  it('says nothing of what is the default', () => {
    const answers = { ...WEB, writeBack: 'application', tagFilter: '', constraint: '', pinDigest: false }
    expect(specWithImage({}, undefined, 'shop', answers)).toEqual({
      applicationRefs: [{ namePattern: 'shop', images: [{ alias: 'web', imageName: 'ghcr.io/shop/web' }] }],
    })
  })

  const existing = {
    commonUpdateSettings: { updateStrategy: 'digest' },
    applicationRefs: [
      { namePattern: 'other', images: [{ alias: 'a', imageName: 'a' }] },
      {
        namePattern: 'shop',
        useAnnotations: false,
        labelSelectors: { matchLabels: { env: 'prod' } },
        images: [
          { alias: 'api', imageName: 'api:1.x' },
          {
            alias: 'web',
            imageName: 'web:1.x',
            commonUpdateSettings: { allowTags: 'regexp:^1', updateStrategy: 'semver' },
          },
        ],
      },
    ],
  }

  it('adds an image and leaves everything else as it is', () => {
    const answers = { alias: 'new', image: 'new', strategy: 'semver' }
    const [other, shop] = existing.applicationRefs
    expect(specWithImage(existing, 1, 'shop', answers)).toEqual({
      ...existing,
      applicationRefs: [
        other,
        {
          ...shop,
          images: [
            ...(shop?.images ?? []),
            { alias: 'new', imageName: 'new', commonUpdateSettings: { updateStrategy: 'semver' } },
          ],
        },
      ],
    })
  })

  it('changes what was answered of an image that is there, and takes away what was emptied', () => {
    const { applicationRefs } = specWithImage(existing, 1, 'shop', {
      ...WEB,
      constraint: '2.x',
      tagFilter: '',
    })
    expect(applicationRefs[1]).toMatchObject({
      useAnnotations: false,
      images: [
        { alias: 'api' },
        {
          alias: 'web',
          imageName: 'ghcr.io/shop/web:2.x',
          commonUpdateSettings: { updateStrategy: 'semver' },
        },
      ],
    })
  })

  it.each([
    ['tag-pattern', { tagPattern: '(?P<version>.*)' }],
    ['image-poll-interval', { pollInterval: '5m' }],
    ['pin-digest', { pinDigest: true }],
    ['allow-downgrade', { allowDowngrade: true }],
    ['min-age, max-bump', { minAge: '24h', maxBump: 'minor' }],
    ['update-window, after', { updateWindow: '* * * * *', after: 'staging' }],
    ['pull-request', { pullRequest: 'gitea' }],
    ['write-back-method restart', { writeBack: 'restart' }],
    ['allow-tags beside image-tag-filter', { allowTags: 'any', tagFilter: '^1' }],
  ])('refuses %s, which an ImageUpdater has no field for', (key, more) => {
    const write = () => specWithImage(undefined, undefined, 'shop', { ...WEB, ...more })
    expect(write).toThrow(ResourceAnswersError)
    expect(write).toThrow(`an ImageUpdater has no field for ${key}`)
  })
})
