import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import type { RuleAnswers } from '../../src/lib/rules/rule-answers.ts'
import {
  type AnnotationChange,
  RuleAnswersError,
  writeAnnotations,
} from '../../src/lib/rules/write-annotations.ts'

function write(before: Record<string, string>, answers: RuleAnswers): AnnotationChange {
  const annotations = Object.fromEntries(Object.entries(before).map(([key, text]) => [prefixed(key), text]))
  return writeAnnotations({ metadata: { name: 'shop', namespace: 'argocd', annotations } }, answers)
}

const prefixed = (key: string): string => `${ANNOTATION_PREFIX}${key}`

describe('writeAnnotations', () => {
  it('writes a first rule', () => {
    const change = write(
      {},
      {
        alias: 'app',
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app',
        strategy: 'newest-build',
        tagFilter: '^production$',
        writeBack: 'application',
        pollInterval: '5m',
        ignoreTags: ['latest', '*-dev'],
        platforms: ['linux/amd64'],
        pinDigest: true,
      },
    )
    expect(change).toEqual({
      set: {
        [prefixed('image-list')]: 'app=123456789012.dkr.ecr.eu-west-1.amazonaws.com/app',
        [prefixed('write-back-method')]: 'application',
        [prefixed('app.update-strategy')]: 'newest-build',
        [prefixed('app.image-tag-filter')]: '^production$',
        [prefixed('app.ignore-tags')]: 'latest,*-dev',
        [prefixed('app.platforms')]: 'linux/amd64',
        [prefixed('app.image-poll-interval')]: '5m',
        [prefixed('app.pin-digest')]: 'true',
      },
      remove: [],
      warnings: [],
    })
  })

  it.each([
    ['appends', ' web = nginx:1.x ', ' web = nginx:1.x ,app=repo:~1.2'],
    ['appends after a trailing comma', 'web=nginx,', 'web=nginx,app=repo:~1.2'],
    ['replaces its own entry', 'web=nginx ,app=repo:1.x, x=y', 'web=nginx ,app=repo:~1.2, x=y'],
    ['replaces an entry without alias', 'web=nginx , repo:1.x', 'web=nginx ,app=repo:~1.2'],
  ])('%s and leaves the other entries as they are', (_, before, after) => {
    const change = write({ 'image-list': before }, { alias: 'app', image: 'repo', constraint: '~1.2' })
    expect(change.set).toEqual({ [prefixed('image-list')]: after })
  })

  it('touches nothing that is already so', () => {
    const before = {
      'image-list': 'app = repo:~1.2',
      'app.pin-digest': 'true',
      'app.platforms': 'linux/arm64',
    }
    const change = write(
      { ...before, 'image-list': ' app=repo:~1.2 ' },
      { alias: 'app', image: 'repo:~1.2', pinDigest: true },
    )
    expect(change).toEqual({ set: {}, remove: [], warnings: [] })
  })

  it('removes what is answered with nothing', () => {
    const before = {
      'image-list': 'app=repo',
      'app.allow-tags': 'any',
      'app.ignore-tags': 'x',
      'app.pin-digest': 'true',
    }
    const answers = {
      alias: 'app',
      image: 'repo',
      allowTags: '',
      ignoreTags: [],
      pinDigest: false,
      tagFilter: '',
    }
    const change = write(before, answers)
    expect(change.set).toEqual({})
    expect(change.remove).toEqual(['app.allow-tags', 'app.ignore-tags', 'app.pin-digest'].map(prefixed))
  })

  it('writes the commas of a constraint as blanks, because commas separate images', () => {
    const change = write({}, { alias: 'app', image: 'repo', constraint: '>=1.0, <2.0' })
    expect(change.set[prefixed('image-list')]).toBe('app=repo:>=1.0 <2.0')
  })

  it.each([
    [{ strategy: 'digest' }, 'strategy digest needs to know which tag to follow'],
    [{ allowTags: '^v' }, 'app.allow-tags: it has no keyword'],
    [{ strategy: 'semver', constraint: 'production' }, 'strategy semver needs a version constraint'],
    [{ writeBack: 'email' }, '"email" is not a write-back method'],
    [{ pollInterval: '1s' }, 'out of range'],
  ])('refuses what would not work: %j', (answers, message) => {
    const action = () => write({}, { alias: 'app', image: 'repo', ...answers })
    expect(action).toThrow(RuleAnswersError)
    expect(action).toThrow(message)
  })

  it.each(['', 'my app', 'org/app', '-app', 'a'.repeat(60)])('refuses the alias %j', (alias) => {
    expect(() => write({}, { alias, image: 'repo', strategy: 'alphabetical' })).toThrow(RuleAnswersError)
  })

  it('tells what a reader would be warned of', () => {
    const change = write({}, { alias: 'app', image: 'repo', strategy: 'latest' })
    expect(change.warnings.map(({ key }) => key)).toEqual(['app.update-strategy'])
  })
})
