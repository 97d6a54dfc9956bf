import { describe, expect, it } from 'vitest'
import {
  liesUnderAny,
  matchRepository,
  type Scope,
} from '../../../src/lib/git/credentials/match-repository.ts'
import { parseRepositoryUrl } from '../../../src/lib/git/repository-url.ts'

const under = (prefix: string, url: string) => liesUnderAny(parseRepositoryUrl(url), [prefix])

describe('a repository lies under a URL', () => {
  it.each<[prefix: string, url: string]>([
    ['https://git.example.com/team/shop', 'https://git.example.com/team/shop'],
    ['https://git.example.com/team/shop.git', 'https://git.example.com/team/shop'],
    ['https://git.example.com/team/shop/', 'https://git.example.com/team/shop.git'],
    ['https://git.example.com/team', 'https://git.example.com/team/shop.git'],
    ['https://git.example.com/team/', 'https://git.example.com/team/sub/shop'],
    ['https://git.example.com', 'https://git.example.com/team/shop'],
    ['https://git.example.com/', 'https://git.example.com/team/shop'],
    ['https://GIT.example.com/Team', 'https://git.EXAMPLE.com/team/shop'],
    ['https://git.example.com:443/team', 'https://git.example.com/team/shop'],
    ['https://git.example.com:8443/team', 'https://git.example.com:8443/team/shop'],
    ['https://dev.azure.com/org', 'https://org@dev.azure.com/org/project/_git/shop'],
    ['git@github.com:org', 'ssh://git@github.com/org/shop.git'],
    ['git@github.com:', 'git@github.com:org/shop'],
    ['ssh://git@github.com', 'git@github.com:org/shop'],
    ['ssh://git@github.com:22/org', 'git@github.com:org/shop'],
    ['http://127.0.0.1:3000/team', 'http://127.0.0.1:3000/team/shop'],
    ['https://[::1]:8443/team', 'https://[::1]:8443/team/shop'],
  ])('%s covers %s', (prefix, url) => {
    expect(under(prefix, url)).toBe(true)
  })

  it.each<[prefix: string, url: string, why: string]>([
    ['https://git.example.com/team-a', 'https://git.example.com/team-ab/shop', 'a part is whole'],
    ['https://git.example.com/team/shop', 'https://git.example.com/team', 'it is above'],
    ['https://git.example.com/team/shop', 'https://git.example.com/team/shop-2', 'a part is whole'],
    ['https://git.example.co', 'https://git.example.com/team/shop', 'a host is whole'],
    ['https://git.example.com', 'https://git.example.com.evil.net/team/shop', 'a host is whole'],
    ['https://git.example.com', 'https://evil-git.example.com/team/shop', 'a host is whole'],
    ['https://git.example.com', 'https://git.example.com@evil.net/team/shop', 'the name before @ is no host'],
    ['https://git.example.com', 'https://git.example.com:8443/team/shop', 'the port is another'],
    ['https://git.example.com:8443', 'https://git.example.com/team/shop', 'the port is another'],
    ['https://git.example.com', 'http://git.example.com/team/shop', 'plain http shows it'],
    ['http://git.example.com:443', 'https://git.example.com/team/shop', 'the transport is another'],
    ['https://github.com/org', 'git@github.com:org/shop', 'the transport is another'],
    ['git@github.com:org', 'other@github.com:org/shop', 'the user is another'],
    ['ssh://github.com/org', 'git@github.com:org/shop', 'the user is another'],
    ['ssh://git@github.com:2222/org', 'git@github.com:org/shop', 'the port is another'],
    ['https://xn--githb-lva.com', 'https://github.com/org/shop', 'it looks like it'],
    ['https://githüb.com', 'https://github.com/org/shop', 'it looks like it'],
    [
      'https://git.example.com/team/%2e%2e/shop',
      'https://git.example.com/team/x',
      'the prefix is unreadable',
    ],
    ['', 'https://git.example.com/team/shop', 'there is no prefix'],
    ['https://', 'https://git.example.com/team/shop', 'there is no prefix'],
    ['*', 'https://git.example.com/team/shop', 'there are no patterns'],
  ])('%s does not cover %s: %s', (prefix, url) => {
    expect(under(prefix, url)).toBe(false)
  })

  it.each([
    'https://git.example.com/team-a/%2e%2e/team-b/shop',
    'https://git.example.com/team-a/%2E./team-b/shop',
    'https://git.example.com/team-a%2f..%2fteam-b/shop',
    'https://git.example.com/team-a/%5c/shop',
    'https://git.example.com/team-a/./shop',
    'https://git.example.com/team-a/shop%0a',
  ])('%s is compared with nothing', (url) => {
    expect(() => under('https://git.example.com/team-a', url)).toThrow('dot segment')
  })
})

describe('the entry for a repository', () => {
  const entry = (role: Scope['role'], url: string, project = '') => ({ role, url, project })
  const HOST = entry('template', 'https://git.example.com')
  const TEAM = entry('template', 'https://git.example.com/team')
  const TEAM_A = entry('template', 'https://git.example.com/team-a')
  const SHOP = entry('repository', 'https://git.example.com/team/shop.git')
  const OURS = entry('repository', 'https://git.example.com/team/shop', 'prod')
  const THEIRS = entry('repository', 'https://git.example.com/team/shop', 'other')
  const BROKEN = entry('template', 'https://git.example.com/%2e%2e')

  it.each<[what: string, entries: Scope[], repository: Scope | undefined, template: Scope | undefined]>([
    ['is the one of its URL', [SHOP], SHOP, undefined],
    ['is the longest template', [HOST, TEAM, TEAM_A], undefined, TEAM],
    ['is both', [TEAM, SHOP], SHOP, TEAM],
    ['is of the own project before all', [SHOP, OURS], OURS, undefined],
    ['is not of another project', [THEIRS], undefined, undefined],
    ['is for all where the project has none', [THEIRS, SHOP], SHOP, undefined],
    [
      'is no template of the same URL',
      [{ ...SHOP, role: 'template' }],
      undefined,
      { ...SHOP, role: 'template' },
    ],
    ['is not disturbed by broken ones', [BROKEN, entry('repository', ''), TEAM], undefined, TEAM],
    ['is none', [], undefined, undefined],
  ])('%s', (_, entries, repository, template) => {
    const url = parseRepositoryUrl('https://git.example.com/team/shop')
    expect(matchRepository(entries, url, 'prod')).toEqual({
      ...(repository && { repository }),
      ...(template && { template }),
    })
  })
})
