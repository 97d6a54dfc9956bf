import { describe, expect, it } from 'vitest'
import type { Application } from '../../../src/lib/application/application.ts'
import { gitPlace, ownRepositories } from '../../../src/lib/engine/git/git-place.ts'
import { gitPlaceText } from '../../../src/lib/engine/git/git-place-text.ts'
import type { WriteBack } from '../../../src/lib/rules/update-rule.ts'
import { application } from '../../application/applications.ts'

const REPOSITORY = 'https://git.example.com/team/gitops'

function shop(source: object = {}, metadata: object = {}, status: object = {}): Application {
  return application(
    { project: 'default', source: { path: 'apps/shop', repoURL: REPOSITORY, ...source } },
    { sourceType: 'Kustomize', ...status },
    metadata,
  )
}

function place(app: Application, writeBack: Partial<WriteBack> = {}, alone = false) {
  return gitPlace(app, ruleOf(writeBack), { alone })
}

function ruleOf(writeBack: Partial<WriteBack>) {
  return { targets: {}, writeBack: { method: 'git', written: 'git', ...writeBack } as const }
}

const GITHUB = { labels: [], service: 'github' } as const

describe('what goes into one commit', () => {
  const blog = shop({ path: 'apps/blog' }, { name: 'blog' })
  const groups = (a: ReturnType<typeof place>, b: ReturnType<typeof place>) =>
    new Set([a.group, b.group]).size

  it('is all of a repository and branch, however the repository is spelled', () => {
    const spelled = shop({ repoURL: 'https://GIT.example.com/team/gitops.git' }, { name: 'blog' })
    expect(groups(place(shop()), place(spelled))).toBe(1)
  })

  it.each<[string, Application, Partial<WriteBack>]>([
    ['branches', shop({ targetRevision: 'staging' }, { name: 'blog' }), {}],
    ['repositories', shop({ repoURL: `${REPOSITORY}-two` }, { name: 'blog' }), {}],
    ['logins', blog, { written: 'git:secret:creds' }],
    ['namespaces', shop({}, { name: 'blog', namespace: 'team' }), {}],
    ['branches to push to', blog, { gitBranch: ':updates' }],
  ])('is not what has other %s', (_, other, writeBack) => {
    expect(groups(place(shop()), place(other, writeBack))).toBe(2)
  })

  it('is one Application where the branch has a template, which may name it', () => {
    const fixed = { gitBranch: 'main:updates' }
    expect(groups(place(shop(), fixed), place(blog, fixed))).toBe(1)
    const template = { gitBranch: 'main:update-{{.AppName}}' }
    expect(groups(place(shop(), template), place(blog, template))).toBe(2)
  })

  it('is one target where there is a pull request for it', () => {
    const own = { pullRequest: GITHUB }
    expect(groups(place(shop(), own), place(blog, own))).toBe(2)
    const shared = { ...own, target: 'kustomization:/base' }
    expect(groups(place(shop(), shared), place(blog, shared))).toBe(1)
  })

  it('is one target also where the operator wants pull requests of all', () => {
    const ask = (app: Application, writeBack: Partial<WriteBack> = {}) =>
      gitPlace(app, ruleOf(writeBack), { pullRequest: 'gitlab' })
    expect(groups(ask(shop()), ask(blog))).toBe(2)
    expect(ask(shop()).request).toEqual({ labels: [], service: 'gitlab' })
    // What the rule says itself comes first.
    expect(ask(shop(), { pullRequest: GITHUB }).request).toEqual(GITHUB)
  })

  it('is one Application where the operator wants it so', () => {
    expect(groups(place(shop()), place(blog))).toBe(1)
    expect(groups(place(shop(), {}, true), place(blog, {}, true))).toBe(2)
  })
})

describe('the branch to start from', () => {
  it('is that of the source', () => {
    expect(place(shop({ targetRevision: 'production' }))).toMatchObject({ base: '', revision: 'production' })
  })

  it('is that of git-branch before it', () => {
    const { base, revision, write } = place(shop({ targetRevision: '1.x' }), { gitBranch: 'main:updates' })
    expect({ base, revision, write }).toEqual({ base: 'main', revision: '', write: 'updates' })
  })

  it('is that of the source with the repository that is written to, not of the chosen one', () => {
    const several = application(
      {
        sources: [
          { chart: 'shop', helm: {}, repoURL: 'https://charts.example.com', targetRevision: '4.2.0' },
          { ref: 'values', repoURL: `${REPOSITORY}.git`, targetRevision: 'live' },
        ],
      },
      { sourceTypes: ['Helm', 'Directory'] },
    )
    const written = place(several, { gitRepository: REPOSITORY, target: 'helmvalues:/values.yaml' })
    expect(written).toMatchObject({ revision: 'live', url: REPOSITORY })
    expect(ownRepositories(several)).toContain(`${REPOSITORY}.git`)
  })
})

describe('the override file', () => {
  it.each([
    ['argocd', 'argocd', '.argocd-source-shop.yaml'],
    ['team', 'argocd', '.argocd-source-team_shop.yaml'],
    ['team', 'team', '.argocd-source-shop.yaml'],
    ['team', undefined, '.argocd-source-team_shop.yaml'],
  ])('of an Application in %s, with Argo CD in %s', (namespace, controllerNamespace, name) => {
    const { target } = place(shop({}, { namespace }, { controllerNamespace }))
    expect(target).toMatchObject({ kind: 'override', path: `apps/shop/${name}` })
  })
})

describe('what cannot be written', () => {
  const chart = shop({ chart: 'shop', repoURL: 'https://charts.example.com' }, {}, { sourceType: 'Helm' })

  it('a chart has no git repository', () => {
    expect(() => place(chart)).toThrow(/the source is the chart shop, not a git repository/)
    expect(place(chart, { gitRepository: REPOSITORY }).url).toBe(REPOSITORY)
  })

  it.each<[string, Partial<WriteBack>, RegExp]>([
    ['a base that git would take for an option', { gitBranch: '--upload-pack=x' }, /looks like an option/],
    ['a template that fails', { gitBranch: ':x-{{.Nothing}}' }, /^git-branch: /],
    ['a target outside', { target: 'kustomization:../../..' }, /leads out of the repository/],
    [
      'one branch for the pull requests of all targets',
      { gitBranch: 'main:updates', pullRequest: GITHUB },
      /names one branch for all, and every target has a pull request of its own/,
    ],
  ])('%s', (_, writeBack, message) => {
    expect(() => place(shop(), writeBack)).toThrow(message)
  })

  it('a template for the branch of a pull request is fine', () => {
    const writeBack = { gitBranch: 'main:update-{{.AppName}}', pullRequest: GITHUB }
    expect(place(shop(), writeBack).write).toBe('update-{{.AppName}}')
  })
})

it.each<[object, Partial<WriteBack>, string]>([
  [{}, {}, 'the default branch'],
  [{ targetRevision: 'HEAD' }, {}, 'the default branch'],
  [{ targetRevision: 'refs/heads/live' }, {}, 'live'],
  [{}, { gitBranch: 'main:updates' }, 'updates'],
  [{}, { gitBranch: 'main', pullRequest: GITHUB }, 'a branch of its own, for a pull request to main'],
])('in words: %j %j', (source, writeBack, branch) => {
  const written = place(shop(source), { ...writeBack, target: 'kustomization:/base' })
  expect(gitPlaceText(written)).toBe(`${branch} of ${REPOSITORY} (kustomization in base)`)
})
