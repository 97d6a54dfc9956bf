import { expect, it } from 'vitest'
import { ruleKeys } from '../../src/lib/rules/rule-keys.ts'
import { prefixed } from '../e2e/world/manifests.ts'

it.each([
  ['https://ann:s3cret@git.example.com/r.git', 'https://***@git.example.com/r.git'],
  ['https://ann:s3c@ret@git.example.com/r.git', 'https://***@git.example.com/r.git'],
  ['ssh://git@git.example.com/r.git', 'ssh://git@git.example.com/r.git'],
  ['git@git.example.com:team/r.git', 'git@git.example.com:team/r.git'],
])('the keys of a rule are as written, but no password of %s is among them', (url, shown) => {
  const keys = ruleKeys(prefixed({ 'git-repository': url, 'image-list': 'web=org/web' }), 'web')
  expect(keys).toEqual([
    { key: 'image-list', text: 'web=org/web' },
    { key: 'git-repository', text: shown },
  ])
})
