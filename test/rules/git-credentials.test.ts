import { describe, expect, it } from 'vitest'
import { parseGitCredentials } from '../../src/lib/rules/git-credentials.ts'
import { parseWriteBackMethod } from '../../src/lib/rules/write-back.ts'

describe('the credentials of a write-back-method', () => {
  it.each<[written: string, credentials: object]>([
    ['git', { kind: 'repocreds' }],
    [' git ', { kind: 'repocreds' }],
    ['git:repocreds', { kind: 'repocreds' }],
    ['git:secret:creds', { kind: 'secret', namespace: 'team-a', name: 'creds' }],
    ['git:secret:team-a/creds.v2', { kind: 'secret', namespace: 'team-a', name: 'creds.v2' }],
  ])('%j', (written, credentials) => {
    expect(parseWriteBackMethod(written)).toMatchObject({ method: 'git' })
    expect(parseGitCredentials(written, 'team-a')).toEqual(credentials)
  })

  it.each([
    'git:',
    'git:foo',
    'git:secret:',
    'git:secret:/creds',
    'git:secret:a/b/c',
    'git:secret:A/creds',
    'GIT:secret:team-a/creds',
    'git:secret:../creds',
    'argocd',
  ])('are not in %j', (written) => {
    expect(() => parseGitCredentials(written, 'team-a')).toThrow('does not say which git credentials')
  })
})
