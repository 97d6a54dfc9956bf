import { describe, expect, it } from 'vitest'
import { lintLines } from './linted.ts'

const TWO = { 'org/app': { production: {}, staging: {} } }

describe('where nothing in the Application overrides an image', () => {
  it.each([
    ['semver', { 'image-list': 'app=org/app:1.x' }],
    ['alphabetical', { 'image-list': 'app=org/app', 'app.update-strategy': 'alphabetical' }],
  ])('a strategy that changes tags is told: %s', async (_, rules) => {
    expect(await lintLines({ rules, sourceType: 'Directory' })).toEqual([
      expect.stringContaining('cannot-change-tag image-list: strategy'),
    ])
  })

  it('newest-build is told where it chooses between tags', async () => {
    const rules = { 'image-list': 'app=org/app', 'app.update-strategy': 'newest-build' }
    const told = await lintLines({ rules, sourceType: 'Directory' }, { tags: TWO })
    expect(told).toEqual([expect.stringContaining('cannot-change-tag')])
    const one = { ...rules, 'app.image-tag-filter': '^production$' }
    expect(await lintLines({ rules: one, sourceType: 'Directory' }, { tags: TWO })).toEqual([])
  })

  it.each([
    ['digest', { 'image-list': 'app=org/app:production', 'app.update-strategy': 'digest' }, 'Directory'],
    ['a source that overrides images', { 'image-list': 'app=org/app:1.x' }, 'Kustomize'],
  ] as const)('nothing is told of %s', async (_, rules, sourceType) => {
    expect(await lintLines({ rules, sourceType })).toEqual([])
  })
})

it('write-back-method restart with a strategy that changes tags', async () => {
  const rules = { 'image-list': 'app=org/app:1.x', 'write-back-method': 'restart' }
  expect(await lintLines({ rules })).toEqual([
    expect.stringContaining('write-back-method restart changes no tag'),
  ])
})

describe('write-back to git', () => {
  const git = { 'image-list': 'app=org/app:1.x', 'write-back-method': 'git:secret:argocd/creds' }

  it('is fine where the rule names a place inside the repository', async () => {
    expect(await lintLines({ rules: { ...git, 'write-back-target': 'kustomization:deploy' } })).toEqual([])
  })

  it.each([
    [
      'a target outside',
      { 'write-back-target': 'kustomization:../../..' },
      /"\.\.\/\.\.\/\.\." .*it leads out of/,
    ],
    ['a target without its colon', { 'write-back-target': 'helmvalues.yaml.tmpl' }, /a colon must follow/],
    ['a template that is none', { 'git-branch': 'main:update-{{ .Nothing' }, /git-branch: .*/],
  ])('%s is an error', async (_, rules, message) => {
    const [line, ...more] = await lintLines({ rules: { ...git, ...rules } })
    expect(line).toMatch(/^git-write-back /)
    expect(line).toMatch(message)
    expect(more).toEqual([])
  })
})
