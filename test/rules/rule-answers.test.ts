import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readableFilters } from '../../src/lib/rules/choice-settings.ts'
import { answeredKeys, writtenAnswers } from '../../src/lib/rules/rule-answers.ts'

const prefixed = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${ANNOTATION_PREFIX}${key}`, text]))

describe('answers', () => {
  it('are read from annotations as they were written to them', () => {
    const answers = {
      alias: 'web',
      image: 'ghcr.io/org/web',
      strategy: 'semver',
      allowTags: 'regexp:^1',
      ignoreTags: ['a', 'b*'],
      platforms: ['linux/amd64'],
      pinDigest: true,
      minAge: '24h',
      maxBump: 'minor',
      after: 'staging:30m',
      helmName: 'web.image',
      writeBack: 'git',
      gitBranch: 'main',
    }
    const { alias, image, ...settings } = answers
    const annotations = prefixed({
      'image-list': `x=y, ${alias}=${image}:~1.4`,
      ...Object.fromEntries(answeredKeys(answers)),
    })
    expect(annotations).toMatchObject(
      prefixed({ 'web.min-age': '24h', 'git-branch': 'main', 'web.ignore-tags': 'a,b*' }),
    )
    expect(writtenAnswers(annotations, alias)).toEqual({ ...settings, constraint: '~1.4' })
  })

  it('are not read from what is no answer', () => {
    const annotations = prefixed({
      'image-list': '===, web=:',
      'web.pin-digest': 'maybe',
      'web.update-strategy': ' ',
      'api.update-strategy': 'digest',
    })
    expect(writtenAnswers(annotations, 'web')).toEqual({})
  })

  it('that cannot be read are left out of a preview', () => {
    const answers = { allowTags: '^v1', ignoreTags: ['*-rc'], tagPattern: '(', tagFilter: '^v' }
    expect(readableFilters(answers)).toEqual({ ignoreTags: ['*-rc'], tagFilter: '^v' })
  })
})
