import { describe, expect, it } from 'vitest'
import {
  checkRequest,
  publishRequest,
  type RequestOptions,
} from '../../../src/lib/engine/git/publish-request.ts'
import type { FoundGitAccess } from '../../../src/lib/git/credentials/git-access.ts'
import { GoTemplate } from '../../../src/lib/gotemplate/template.ts'
import { addPull } from '../../pull-requests/forge-state.ts'
import { gitea } from '../../pull-requests/gitea-double.ts'
import { type Service, TOKEN } from '../../pull-requests/service-double.ts'
import { startDouble } from '../../pull-requests/start-double.ts'
import { FakeClock } from '../../registry/fake-clock.ts'
import { application, image } from '../../writeback/git/changes.ts'

const BASIC = { kind: 'basic', password: TOKEN, source: 'a Secret', username: 'ann' } as FoundGitAccess
const BEARER = { kind: 'bearer', source: 'a Secret', token: TOKEN } as FoundGitAccess
const SSH = {
  knownHosts: '',
  kind: 'ssh',
  privateKey: 'key',
  source: 'repository Secret argocd/shop',
} as FoundGitAccess

const CHANGE = {
  applications: [application('argocd/shop', image('web:1.0.0', 'web:1.1.0'))],
  base: 'main',
  head: 'image-updater-0123abcd',
  labels: ['images', ' rules '],
  service: 'gitea',
  targetKey: '0123abcd',
} as const

async function world(service: Service = gitea) {
  const double = await startDouble(service)
  const options: RequestOptions = {
    autoMerge: 'off',
    draft: false,
    labels: ['images', 'operators'],
    reviewers: ['ada'],
    surroundings: { clock: new FakeClock(), env: {}, userAgent: 'test', vouchedHosts: [double.host] },
    tokens: new Map(),
  }
  const publish = (
    access: FoundGitAccess,
    more: Partial<RequestOptions> & { template?: GoTemplate } = {},
  ) => {
    const { template, ...wishes } = more
    const change = { ...CHANGE, access, template, url: double.repositoryUrl }
    return publishRequest(change, { ...options, ...wishes })
  }
  return { double, publish }
}

const withHeader = (authorization: string): Service => ({ ...gitea, authorization })

describe('the login for the API', () => {
  it("is the operator's own token before what git uses", async () => {
    const { double, publish } = await world()
    const other = { ...BASIC, password: 'of git' } as FoundGitAccess
    expect(await publish(other, { tokens: new Map([[double.host, TOKEN]]) })).toMatchObject({
      url: `http://${double.host}/acme/shop/pulls/1`,
    })
  })

  it('is the password of git, with its user', async () => {
    const { double, publish } = await world(
      withHeader(`Basic ${Buffer.from(`ann:${TOKEN}`).toString('base64')}`),
    )
    await publish(BASIC)
    expect(double.state.pulls).toHaveLength(1)
  })

  it('is the token of git', async () => {
    const { double, publish } = await world()
    await publish(BEARER)
    expect(double.state.pulls).toHaveLength(1)
  })

  it.each([
    ['git@ssh.github.com:acme/shop.git', 'github', 'github.com'],
    ['ssh://git@altssh.gitlab.com:443/acme/shop.git', 'gitlab', 'gitlab.com'],
    ['git@ssh.dev.azure.com:v3/acme/shop/gitops', 'azure', 'dev.azure.com'],
  ] as const)('of %s is given for the host of the service', (url, service, host) => {
    const place = { access: SSH, service, url }
    expect(() => checkRequest(place, { tokens: new Map([[host, TOKEN]]) })).not.toThrow()
    expect(() => checkRequest(place, { tokens: new Map() })).toThrow(`for the API of ${host}`)
  })

  it.each(['git@git.example.com:acme/shop.git', 'ssh://git@git.example.com/acme/shop.git'])(
    'is none with a key for %s, which is said before anything is pushed',
    (url) => {
      const place = { access: SSH, service: 'gitea', url } as const
      expect(() => checkRequest(place, { tokens: new Map([['github.com', TOKEN]]) })).toThrow(
        'repository Secret argocd/shop is no login for the API of git.example.com, by which pull requests are made',
      )
      expect(() => checkRequest(place, { tokens: new Map([['git.example.com', TOKEN]]) })).not.toThrow()
    },
  )
})

describe('the pull request', () => {
  it('has the labels of the rule and of the operator, each once, and asks the reviewers', async () => {
    const { double, publish } = await world()
    await publish(BEARER)
    const [pull] = double.state.pulls
    expect(pull).toMatchObject({ base: 'main', head: CHANGE.head, labels: ['images', 'rules', 'operators'] })
    expect(pull?.reviewers).toEqual(['ada'])
    expect(pull?.body).toMatch(/\|.*1\.0\.0.*\|.*1\.1\.0.*\|/)
  })

  it("has the text of the operator's template", async () => {
    const { double, publish } = await world()
    await publish(BEARER, { template: new GoTemplate('deploy {{.AppName}}\n\nas agreed') })
    expect(double.state.pulls[0]?.title).toBe('deploy shop')
    expect(double.state.pulls[0]?.body).toContain('as agreed')
  })

  it('takes the place of older ones for the same target, which are closed with a word', async () => {
    const { double, publish } = await world()
    const marker = '<!-- kubectl-image-updater target=0123abcd -->\n\nolder'
    const older = addPull(double.state, { body: marker, head: 'update-1.0.1' })
    const foreign = addPull(double.state, { body: 'by a person', head: 'feature' })
    const { url } = await publish(BEARER)
    expect({ older: older.open, foreign: foreign.open }).toEqual({ foreign: true, older: false })
    expect(older.comments).toEqual([`Superseded by ${url}`])
  })

  it('tells what could not be done', async () => {
    const { publish } = await world()
    const { notes } = await publish(BEARER, { reviewers: ['nobody'] })
    expect(notes).toEqual([expect.stringContaining('nobody')])
  })
})
