import { describe, expect, it } from 'vitest'
import { azureDevops } from './azure-devops-double.ts'
import { bitbucketDataCenter } from './bitbucket-data-center-double.ts'
import { bitbucket } from './bitbucket-double.ts'
import { addPull } from './forge-state.ts'
import { gitea } from './gitea-double.ts'
import { github } from './github-double.ts'
import { gitlab } from './gitlab-double.ts'
import { failureOf, open, SPEC } from './opened.ts'

describe('GitHub', () => {
  it('opens without a draft where the plan has none', async () => {
    const { double, provider } = await open(github)
    double.state.drafts = false
    const { outcome, notes } = await provider.openOrUpdate({ ...SPEC, draft: true })
    expect(outcome).toBe('opened')
    expect(notes).toEqual([`${provider.name} has no drafts in this repository: it is ready for review`])
    expect(double.state.pulls[0]?.draft).toBe(false)
  })

  it('asks teams by their name in the organisation', async () => {
    const { double, provider } = await open(github)
    await provider.openOrUpdate({ ...SPEC, reviewers: ['ada', 'acme/platform'] })
    expect(double.requests.at(-1)?.body).toEqual({ reviewers: ['ada'], team_reviewers: ['platform'] })
  })

  it('says that a repository is archived', async () => {
    const { double, provider } = await open(github)
    double.intercept = ({ method }) =>
      method === 'GET'
        ? undefined
        : { status: 403, body: { message: 'Repository was archived so is read-only.' } }
    const error = await failureOf(provider.openOrUpdate(SPEC))
    expect(error).toMatchObject({ kind: 'archived' })
    expect(error.message).toContain('acme/shop is archived, and takes no changes')
  })

  it('says why a pull request is not possible', async () => {
    const { double, provider } = await open(github)
    double.intercept = ({ method }) =>
      method === 'GET'
        ? undefined
        : {
            status: 422,
            body: {
              message: 'Validation Failed',
              errors: [{ resource: 'PullRequest', code: 'custom', message: 'No commits between main and x' }],
            },
          }
    const error = await failureOf(provider.openOrUpdate(SPEC))
    expect(error).toMatchObject({ kind: 'validation' })
    expect(error.message).toMatch(
      /cannot open a pull request in acme\/shop: Validation Failed; No commits between main and x$/,
    )
  })

  it('waits for a secondary limit as long as Retry-After says', async () => {
    const { double, provider, clock } = await open(github)
    const message = 'You have exceeded a secondary rate limit.'
    let limited = true
    double.intercept = () => {
      if (!limited) return undefined
      limited = false
      return { status: 403, headers: { 'retry-after': '30' }, body: { message } }
    }
    expect(await provider.findOpen(SPEC)).toBeUndefined()
    expect(clock.slept).toEqual([30_000])
  })
})

describe('GitLab', () => {
  it('is not told to merge what has no pipeline: it would not wait', async () => {
    const { double, provider, clock } = await open(gitlab)
    double.state.checks = false
    const { notes } = await provider.openOrUpdate({ ...SPEC, autoMerge: 'merge' })
    expect(notes).toEqual([
      'auto-merge is not set: it has no pipeline, and would be merged without any check',
    ])
    expect(clock.slept).toEqual([2000, 2000, 2000, 2000])
    expect(double.writes().some((write) => write.endsWith('/merge'))).toBe(false)
  })

  it('is told as soon as the pipeline is there', async () => {
    const { double, provider, clock } = await open(gitlab)
    double.state.checks = false
    double.intercept = () => {
      if (clock.slept.length === 2) double.state.checks = true
      return undefined
    }
    expect(await provider.openOrUpdate({ ...SPEC, autoMerge: 'squash' })).toMatchObject({ notes: [] })
    expect(double.state.pulls[0]?.autoMerge).toBe('squash')
  })

  it('names a user it does not know, and asks the others', async () => {
    const { double, provider } = await open(gitlab)
    const { notes } = await provider.openOrUpdate({ ...SPEC, reviewers: ['@ada', 'nobody'] })
    expect(notes).toEqual([`${provider.name} knows no user nobody: no review is requested`])
    expect(double.state.pulls[0]?.reviewers).toEqual(['ada'])
  })

  it('gets no quick action from a body', async () => {
    const { double, provider } = await open(gitlab)
    const hostile = { ...SPEC, body: 'description of the image:\r/merge\n/assign @ada' }
    await provider.openOrUpdate(hostile)
    expect(double.state.pulls[0]?.body).toContain('\n\\/merge\n\\/assign @ada')
    expect(await provider.openOrUpdate(hostile)).toMatchObject({ outcome: 'unchanged' })
  })

  it('gets no label with a comma, which would be two', async () => {
    const { double, provider } = await open(gitlab)
    await provider.openOrUpdate({ ...SPEC, labels: ['a,b'] })
    expect(double.state.pulls[0]?.labels).toEqual(['a b'])
    expect(await provider.openOrUpdate({ ...SPEC, labels: ['a,b'] })).toMatchObject({ outcome: 'unchanged' })
  })
})

describe('Gitea', () => {
  it('is not told to merge what has no checks: it would not wait', async () => {
    const { double, provider } = await open(gitea)
    double.state.checks = false
    const { notes } = await provider.openOrUpdate({ ...SPEC, autoMerge: 'merge' })
    expect(notes).toEqual([
      'auto-merge is not set: its commit has no checks, and would be merged without any',
    ])
  })

  it('keeps a merge that is scheduled already', async () => {
    const { provider } = await open(gitea)
    await provider.openOrUpdate({ ...SPEC, autoMerge: 'merge' })
    const newer = { ...SPEC, title: 'newer', autoMerge: 'merge' } as const
    expect(await provider.openOrUpdate(newer)).toMatchObject({ outcome: 'updated', notes: [] })
  })

  it('uses labels of the organisation, and makes those that nobody has', async () => {
    const { double, provider } = await open(gitea)
    for (let id = 2; id <= 60; id++) double.state.labels.set(`label-${id}`, id)
    await provider.openOrUpdate({ ...SPEC, labels: ['Shared', 'label-60', 'new'] })
    expect(double.state.pulls[0]?.labels).toEqual(['shared', 'label-60', 'new'])
    expect(double.writes().filter((write) => write.endsWith('/shop/labels'))).toHaveLength(1)
  })

  it('labels of a user, who is no organisation', async () => {
    const { double, provider } = await open(gitea)
    double.intercept = ({ path }) => (path.includes('/orgs/') ? gitea.notFound : undefined)
    await provider.openOrUpdate({ ...SPEC, labels: ['new'] })
    expect(double.state.pulls[0]?.labels).toEqual(['new'])
  })
})

describe('Bitbucket', () => {
  it('gets a marker that it does not show', async () => {
    const { double, provider } = await open(bitbucket)
    await provider.openOrUpdate(SPEC)
    expect(double.state.pulls[0]?.body).toMatch(/^\[\/\/\]: # \(/)
  })

  it('takes reviewers by UUID, account or nickname', async () => {
    const { double, provider } = await open(bitbucket)
    const reviewers = ['{00000000-0000-4000-8000-00000000000a}', '557058:grace', 'nobody']
    const { notes } = await provider.openOrUpdate({ ...SPEC, reviewers })
    expect(double.state.pulls[0]?.reviewers).toEqual(['ada', 'grace'])
    expect(notes).toEqual([`${provider.name} knows no member named nobody: no review is requested`])
  })

  it('says that it has no merge that waits', async () => {
    const { provider } = await open(bitbucket)
    const { notes } = await provider.openOrUpdate({ ...SPEC, autoMerge: 'merge' })
    expect(notes).toEqual([`auto-merge is not set: the API of ${provider.name} has no way to do it`])
  })
})

describe('Bitbucket Data Center', () => {
  it('says that an old version has no drafts', async () => {
    const { double, provider } = await open(bitbucketDataCenter)
    double.state.drafts = false
    const { notes } = await provider.openOrUpdate({ ...SPEC, draft: true })
    expect(notes).toEqual([`${provider.name} has no drafts: it is ready for review`])
  })

  it('looks again when somebody changed it in between', async () => {
    const { double, provider } = await open(bitbucketDataCenter)
    await provider.openOrUpdate(SPEC)
    let first = true
    double.intercept = ({ method, path }) => {
      if (method !== 'PUT' || !first) return undefined
      first = false
      const change = { version: 0, title: 'by hand', description: 'x', reviewers: [] }
      const operation = double.operations.find((each) => each.method === 'PUT')
      operation?.answer({ method, path, query: new URLSearchParams(), headers: {}, body: change }, '1')
      return undefined
    }
    expect(await provider.openOrUpdate({ ...SPEC, title: 'newer' })).toMatchObject({ outcome: 'updated' })
    expect(double.state.pulls[0]?.title).toBe('newer')
    expect(double.writes().filter((write) => write.startsWith('PUT'))).toHaveLength(2)
  })
})

describe('Azure DevOps', () => {
  it('a long description that its list cuts is no difference', async () => {
    const { double, provider } = await open(azureDevops)
    const long = { ...SPEC, body: 'a line of text\n'.repeat(200) }
    await provider.openOrUpdate(long)
    expect(double.state.pulls[0]?.body.length).toBeGreaterThan(2000)
    expect(await provider.openOrUpdate(long)).toMatchObject({ outcome: 'unchanged' })
  })

  it('takes reviewers by ID, address or team', async () => {
    const { double, provider } = await open(azureDevops)
    const reviewers = ['00000000-0000-4000-8000-00000000000a', 'Web Team', 'GRACE@acme.example']
    expect(await provider.openOrUpdate({ ...SPEC, reviewers })).toMatchObject({ notes: [] })
    expect(double.state.pulls[0]?.reviewers).toEqual([
      'ada@acme.example',
      'unknown 00000000-0000-4000-8000-0000000000aa',
      'grace@acme.example',
    ])
  })

  it('its page to sign in at means that the token is wrong', async () => {
    const { double, provider } = await open(azureDevops)
    double.intercept = () => ({ status: 203, headers: { 'content-type': 'text/html' }, body: '<html>' })
    expect(await failureOf(provider.findOpen(SPEC))).toMatchObject({ kind: 'unauthorized' })
  })

  it('shows where people find it', async () => {
    const { double, provider } = await open(azureDevops)
    addPull(double.state, { head: 'other' })
    const { url } = await provider.openOrUpdate(SPEC)
    expect(url).toBe(`http://${double.host}/acme/web/_git/shop/pullrequest/2`)
  })
})
