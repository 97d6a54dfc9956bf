import { describe, expect, it } from 'vitest'
import { repositoryProblem } from '../../../src/lib/engine/git/permitted-repository.ts'

const OWN = ['https://git.example.com/team/shop.git', 'https://charts.example.com']
const OTHER = 'https://git.example.com/team/gitops'

function project(sourceRepos: unknown) {
  return {
    project: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'shops', namespace: 'argocd' },
      spec: { sourceRepos },
    },
  }
}

describe('a repository that the Application does not deploy from', () => {
  it.each<[readonly string[], string]>([
    [['*'], OTHER],
    [['https://git.example.com/*/*'], OTHER],
    [['https://git.example.com/team/*'], OTHER],
    [['https://git.example.com/team/gitops.git'], OTHER],
    [['https://git.example.com/team/gitops/'], `${OTHER}.git`],
    [['https://GIT.example.com/Team/GitOps'], OTHER],
    [['!https://git.example.com/secret/*', '*'], OTHER],
  ])('sourceRepos %j permit %s', (entries, url) => {
    expect(repositoryProblem(url, OWN, project(entries))).toBe('')
  })

  it.each<[readonly string[] | undefined, string]>([
    [[], OTHER],
    [undefined, OTHER],
    [['https://git.example.com/*'], 'https://git.example.com.evil.org/x'],
    [['https://git.example.com/team/shop'], OTHER],
    [['*', '!https://git.example.com/team/*'], OTHER],
    [['*', '!https://git.example.com/team/gitops.git'], OTHER],
    // Only a denial: nothing is allowed.
    [['!https://git.example.com/secret/*'], OTHER],
  ])('sourceRepos %j do not permit %s', (entries, url) => {
    expect(repositoryProblem(url, OWN, project(entries))).toBe(
      `git-repository ${url} is none that the Application deploys from, and sourceRepos of AppProject "shops" does not permit it`,
    )
  })

  it('is not written to where the AppProject cannot be read', () => {
    const problem = {
      kind: 'AppProject',
      name: 'shops',
      namespace: 'argocd',
      problem: 'appprojects "shops" is forbidden',
      reason: 'Forbidden' as const,
      remedy: '',
    }
    expect(repositoryProblem(OTHER, OWN, { problem })).toMatch(
      /its AppProject cannot be read: appprojects "shops" is forbidden/,
    )
  })

  it('an AppProject of the wrong shape names its field', () => {
    expect(() => repositoryProblem(OTHER, OWN, project([7]))).toThrow(/appproject "shops".*sourceRepos/)
  })
})

it.each(['https://git.example.com/team/shop', 'https://GIT.example.com/team/shop.git'])(
  'its own, %s, is fine whatever the AppProject says',
  (url) => {
    expect(repositoryProblem(url, OWN, project([]))).toBe('')
    expect(repositoryProblem(url, OWN, undefined)).toBe('')
  },
)
