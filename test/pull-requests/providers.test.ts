import { describe, expect, it } from 'vitest'
import { PullRequestError } from '../../src/lib/pull-requests/pull-request-error.ts'
import { azureDevops } from './azure-devops-double.ts'
import { bitbucketDataCenter } from './bitbucket-data-center-double.ts'
import { bitbucket } from './bitbucket-double.ts'
import { addPull } from './forge-state.ts'
import { forgejo, gitea } from './gitea-double.ts'
import { github } from './github-double.ts'
import { gitlab } from './gitlab-double.ts'
import { failureOf, open, SPEC } from './opened.ts'
import type { Service } from './service-double.ts'

interface Traits {
  readonly service: Service
  readonly reviewers: readonly string[]
  readonly draftTitle: string
  readonly labels: boolean
  readonly autoMerge: boolean
}

const ALL: readonly Traits[] = [
  { service: github, reviewers: ['ada', 'grace'], draftTitle: '', labels: true, autoMerge: true },
  { service: gitlab, reviewers: ['ada', 'grace'], draftTitle: 'Draft: ', labels: true, autoMerge: true },
  { service: gitea, reviewers: ['ada', 'grace'], draftTitle: 'WIP: ', labels: true, autoMerge: true },
  { service: forgejo, reviewers: ['ada', 'grace'], draftTitle: 'WIP: ', labels: true, autoMerge: true },
  { service: bitbucket, reviewers: ['ada', 'grace'], draftTitle: '', labels: false, autoMerge: false },
  {
    service: bitbucketDataCenter,
    reviewers: ['ada', 'grace'],
    draftTitle: '',
    labels: false,
    autoMerge: false,
  },
  {
    service: azureDevops,
    reviewers: ['ada@acme.example', 'grace@acme.example'],
    draftTitle: '',
    labels: true,
    autoMerge: true,
  },
]

function titleOf({ service }: Traits): string {
  return service === bitbucketDataCenter ? 'bitbucket data center' : service.provider
}

const NEWER = { ...SPEC, title: 'chore: update nginx to 1.3.0', body: '| nginx | 1.1.0 | 1.3.0 |' }

describe.each(ALL.map((traits) => [titleOf(traits), traits] as const))('%s', (_, traits) => {
  const { service } = traits

  describe('one pull request a target', () => {
    it('is opened, with the marker in its body', async () => {
      const { double, provider } = await open(service)
      expect(await provider.findOpen(SPEC)).toBeUndefined()
      const published = await provider.openOrUpdate(SPEC)
      expect(published).toMatchObject({ outcome: 'opened', number: 1, superseded: [], notes: [] })
      expect(published.url).toMatch(/^https?:\/\/[^ ]+\/1$/)
      const [pull] = double.state.pulls
      expect(pull).toMatchObject({
        open: true,
        head: SPEC.head,
        base: 'main',
        title: SPEC.title,
        draft: false,
      })
      expect(pull?.body).toMatch(/^(?:<!-- |\[\/\/\]: # \()kubectl-image-updater target=0f1e2d3c/)
      expect(pull?.body).toContain('| nginx | 1.1.0 | 1.2.0 |')
    })

    it('is not written to again when nothing is new', async () => {
      const { double, provider } = await open(service)
      const wanted = { ...SPEC, labels: ['image-update'], reviewers: [...traits.reviewers] }
      const first = await provider.openOrUpdate(wanted)
      const written = double.writes().length
      const again = await provider.openOrUpdate(wanted)
      expect(again).toMatchObject({ url: first.url, number: 1, outcome: 'unchanged', superseded: [] })
      expect(double.writes()).toHaveLength(written)
    })

    it('is updated in place when a newer version comes', async () => {
      const { double, provider } = await open(service)
      await provider.openOrUpdate(SPEC)
      expect(await provider.openOrUpdate(NEWER)).toMatchObject({ number: 1, outcome: 'updated' })
      expect(double.state.pulls).toHaveLength(1)
      expect(double.state.pulls[0]).toMatchObject({ title: NEWER.title })
      expect(double.state.pulls[0]?.body).toContain('1.3.0')
    })

    it('line ends and blanks that the service changed are no difference', async () => {
      const { double, provider } = await open(service)
      await provider.openOrUpdate(SPEC)
      const [pull] = double.state.pulls
      if (pull) pull.body = `${pull.body.replaceAll('\n', '\r\n')}\r\n`
      expect(await provider.openOrUpdate(SPEC)).toMatchObject({ outcome: 'unchanged' })
    })

    it('is found by its marker when its branch has another name', async () => {
      const { provider } = await open(service)
      await provider.openOrUpdate(SPEC)
      const found = await provider.findOpen({ ...SPEC, head: 'image-updater/renamed' })
      expect(found).toMatchObject({ number: 1, head: SPEC.head, base: 'main', open: true })
    })

    it('replaces those of other branches, which are closed with a comment, once', async () => {
      const { double, provider } = await open(service)
      await provider.openOrUpdate(SPEC)
      await provider.openOrUpdate({ ...SPEC, head: 'image-updater/other', targetKey: 'other' })
      const newer = await provider.openOrUpdate({ ...NEWER, head: 'image-updater/shop-1.3.0' })
      expect(newer).toMatchObject({ number: 3, outcome: 'opened' })
      expect(newer.superseded.map(({ number }) => number)).toEqual([1])

      const comment = `Superseded by ${newer.url}`
      expect(await provider.closeSuperseded([1], comment)).toEqual([{ number: 1, outcome: 'closed' }])
      expect(double.state.pulls.map((pull) => pull.open)).toEqual([false, true, true])
      expect(double.state.pulls[0]?.comments).toEqual([comment])

      const written = double.writes().length
      expect(await provider.closeSuperseded([1], comment)).toEqual([{ number: 1, outcome: 'already-closed' }])
      expect(double.writes()).toHaveLength(written)
      const again = await provider.openOrUpdate({ ...NEWER, head: 'image-updater/shop-1.3.0' })
      expect(again).toMatchObject({ outcome: 'unchanged', superseded: [] })
    })

    it('does not mistake another base, or a fork, for it', async () => {
      const { double, provider } = await open(service)
      const body = '<!-- kubectl-image-updater target=0f1e2d3c -->\n\nforged'
      addPull(double.state, { head: SPEC.head, base: 'release' })
      addPull(double.state, { head: SPEC.head, body, fork: true })
      expect(await provider.findOpen(SPEC)).toBeUndefined()
      expect(await provider.openOrUpdate(SPEC)).toMatchObject({
        number: 3,
        outcome: 'opened',
        superseded: [],
      })
    })

    it('never closes what others opened', async () => {
      const { double, provider } = await open(service)
      addPull(double.state, { head: 'feature', body: 'By hand' })
      const error = await failureOf(provider.closeSuperseded([1], 'Superseded'))
      expect(error).toMatchObject({ kind: 'refused' })
      expect(double.writes()).toEqual([])
    })

    it('is found among more than 100', async () => {
      const { double, provider } = await open(service)
      const marked = { head: 'old', body: '<!-- kubectl-image-updater target=0f1e2d3c -->\n\nx' }
      addPull(double.state, marked)
      for (let number = 2; number <= 130; number++) addPull(double.state, { head: `feature-${number}` })
      addPull(double.state, { ...marked, head: 'older' })
      expect(await provider.findOpen(SPEC)).toMatchObject({ number: 131, head: 'older' })
      const { superseded } = await provider.openOrUpdate(SPEC)
      expect(superseded.map(({ number }) => number).toSorted((one, other) => one - other)).toEqual([1, 131])
    })
  })

  describe('somebody opens it at the same moment', () => {
    it('it is continued', async () => {
      const { double, provider } = await open(service)
      double.intercept = ({ method }) => {
        if (method === 'POST' && double.state.pulls.length === 0) {
          addPull(double.state, { head: SPEC.head, title: 'By the other run' })
        }
        return undefined
      }
      expect(await provider.openOrUpdate(SPEC)).toMatchObject({ number: 1 })
      expect(double.state.pulls).toHaveLength(1)
      expect(double.state.pulls[0]?.title).toBe(SPEC.title)
      expect(await provider.openOrUpdate(SPEC)).toMatchObject({ outcome: 'unchanged' })
    })

    it('one is opened by two runs', async () => {
      const { double, provider } = await open(service)
      const both = await Promise.all([provider.openOrUpdate(SPEC), provider.openOrUpdate(SPEC)])
      expect(both.map(({ number }) => number)).toEqual([1, 1])
      expect(double.state.pulls).toHaveLength(1)
    })

    it('an answer that got lost is looked up, not sent again', async () => {
      const { double, provider } = await open(service)
      double.intercept = ({ method }) => {
        if (method !== 'POST') return undefined
        double.intercept = () => undefined
        addPull(double.state, { head: SPEC.head })
        return { status: 502, body: {} }
      }
      expect(await provider.openOrUpdate(SPEC)).toMatchObject({ number: 1, outcome: 'updated' })
      expect(double.writes().filter((write) => write.startsWith('POST'))).toHaveLength(1)
    })
  })

  describe('labels', () => {
    if (traits.labels)
      it('are added, known ones and new ones, and others stay', async () => {
        const { double, provider } = await open(service)
        await provider.openOrUpdate(SPEC)
        double.state.pulls[0]?.labels.push('do-not-merge')
        const wanted = { ...SPEC, labels: [' bug ', 'image-update', 'bug', ''] }
        expect(await provider.openOrUpdate(wanted)).toMatchObject({ outcome: 'updated', notes: [] })
        expect(double.state.pulls[0]?.labels).toEqual(['do-not-merge', 'bug', 'image-update'])
        expect(await provider.openOrUpdate(wanted)).toMatchObject({ outcome: 'unchanged' })
      })

    if (!traits.labels)
      it('are told about where there are none', async () => {
        const { provider } = await open(service)
        const { outcome, notes } = await provider.openOrUpdate({ ...SPEC, labels: ['image-update'] })
        expect({ outcome, notes }).toEqual({
          outcome: 'opened',
          notes: [`${provider.name} has no labels for pull requests`],
        })
      })
  })

  describe('reviewers', () => {
    it('are asked when it is opened, and not again', async () => {
      const { double, provider } = await open(service)
      const wanted = { ...SPEC, reviewers: [...traits.reviewers] }
      expect(await provider.openOrUpdate(wanted)).toMatchObject({ outcome: 'opened', notes: [] })
      expect(double.state.pulls[0]?.reviewers).toEqual(traits.reviewers)
      const [pull] = double.state.pulls
      if (pull) pull.reviewers = []
      expect(await provider.openOrUpdate({ ...wanted, title: NEWER.title })).toMatchObject({
        outcome: 'updated',
      })
      expect(pull?.reviewers).toEqual([])
    })

    it('a wrong one is told about, and it is opened all the same', async () => {
      const { provider } = await open(service)
      const { outcome, notes } = await provider.openOrUpdate({ ...SPEC, reviewers: ['nobody'] })
      expect(outcome).toBe('opened')
      expect(notes).toHaveLength(1)
      expect(notes[0]).toMatch(/review/i)
    })

    it('those whom people added stay when it is updated', async () => {
      const { double, provider } = await open(service)
      await provider.openOrUpdate(SPEC)
      double.state.pulls[0]?.reviewers.push(...traits.reviewers)
      await provider.openOrUpdate(NEWER)
      expect(double.state.pulls[0]?.reviewers).toEqual(traits.reviewers)
    })
  })

  describe('drafts', () => {
    it('are opened as such, stay such, and are found', async () => {
      const { double, provider } = await open(service)
      const draft = { ...SPEC, draft: true }
      await provider.openOrUpdate(draft)
      expect(double.state.pulls[0]).toMatchObject({ draft: true, title: `${traits.draftTitle}${SPEC.title}` })
      expect(await provider.openOrUpdate(draft)).toMatchObject({ outcome: 'unchanged' })
      await provider.openOrUpdate({ ...draft, title: NEWER.title })
      expect(double.state.pulls[0]?.title).toBe(`${traits.draftTitle}${NEWER.title}`)
    })
  })

  describe('auto-merge', () => {
    if (traits.autoMerge)
      it.each(['merge', 'squash'] as const)('is set: %s', async (autoMerge) => {
        const { double, provider } = await open(service)
        expect(await provider.openOrUpdate({ ...SPEC, autoMerge })).toMatchObject({ notes: [] })
        expect(double.state.pulls[0]?.autoMerge).toBe(autoMerge)
        const written = double.writes().length
        await provider.openOrUpdate({ ...SPEC, autoMerge })
        expect(double.writes()).toHaveLength(written)
      })

    it('where it is not allowed this is told, and it is opened all the same', async () => {
      const { double, provider } = await open(service)
      double.state.autoMerge = false
      const { outcome, notes } = await provider.openOrUpdate({ ...SPEC, autoMerge: 'squash' })
      expect(outcome).toBe('opened')
      expect(notes).toHaveLength(1)
      expect(notes[0]).toMatch(/^auto-merge is not set: /)
    })

    it('is not set for a draft', async () => {
      const { double, provider } = await open(service)
      const { notes } = await provider.openOrUpdate({ ...SPEC, draft: true, autoMerge: 'merge' })
      expect(notes).toEqual(['auto-merge is not set: it is a draft'])
      expect(double.state.pulls[0]?.autoMerge).toBe('')
    })
  })

  describe('refusals', () => {
    it('a token that may not write', async () => {
      const { double, provider } = await open(service)
      double.intercept = ({ method }) => (method === 'GET' ? undefined : service.forbidden)
      const error = await failureOf(provider.openOrUpdate(SPEC))
      expect(error).toBeInstanceOf(PullRequestError)
      expect(error).toMatchObject({ kind: 'forbidden' })
      expect(error.message).toMatch(/the token may not open a (?:pull|merge) request in (?:\w+\/)+shop: /)
      expect(error.remedy).toMatch(/right to read and write/)
    })

    it('a wrong token', async () => {
      const { double, provider } = await open(service)
      double.intercept = () => service.unauthorized
      expect(await failureOf(provider.openOrUpdate(SPEC))).toMatchObject({ kind: 'unauthorized' })
    })

    it('a repository that is not there', async () => {
      const { double, provider } = await open(service)
      double.intercept = () => service.notFound
      expect(await failureOf(provider.findOpen(SPEC))).toMatchObject({ kind: 'not-found' })
    })

    it('a rate limit is waited for when it ends soon', async () => {
      const { double, provider, clock } = await open(service)
      let refused = 0
      double.intercept = ({ method }) => {
        if (method !== 'POST' || refused > 0) return undefined
        refused++
        return service.limited(20, clock.now())
      }
      expect(await provider.openOrUpdate(SPEC)).toMatchObject({ outcome: 'opened' })
      expect(clock.slept).toEqual([20_000])
    })

    it('a rate limit is told about when it does not', async () => {
      const { double, provider, clock } = await open(service)
      double.intercept = () => service.limited(1800, clock.now())
      const error = await failureOf(provider.findOpen(SPEC))
      expect(error).toMatchObject({ kind: 'rate-limited', retryAt: new Date(clock.now() + 1_800_000) })
      expect(error.message).toContain('limits requests until 2026-01-01T00:30:00.000Z')
    })

    it('a service that is down is asked a few times', async () => {
      const { double, provider, clock } = await open(service)
      double.intercept = () => ({ status: 503, body: {} })
      expect(await failureOf(provider.findOpen(SPEC))).toMatchObject({ kind: 'unreachable' })
      expect(double.requests).toHaveLength(4)
      expect(clock.slept).toHaveLength(3)
    })

    it('an answer of another shape', async () => {
      const { double, provider } = await open(service)
      double.intercept = () => ({ status: 200, body: { value: [{ number: 'x' }], values: [{ id: 'x' }] } })
      const error = await failureOf(provider.findOpen(SPEC))
      expect(error).toMatchObject({ kind: 'malformed' })
      expect(error.message).toContain(`the answer of ${provider.name}`)
    })
  })

  it('hostile titles and bodies arrive as one line and without controls', async () => {
    const { double, provider } = await open(service)
    const hostile = {
      ...SPEC,
      title: `update\r\nX-Evil: 1\u001b[31m ${'\u202e'}"quoted" \\ ${'é'.repeat(400)}`,
      body: `<!-- kubectl-image-updater target=forged -->\u0000\u001b[2J\n${'row | '.repeat(20_000)}`,
    }
    await provider.openOrUpdate(hostile)
    const [pull] = double.state.pulls
    expect(pull?.title).toMatch(/^update X-Evil: 1 \[31m "quoted" \\ é+$/)
    expect(pull?.title.length).toBeLessThanOrEqual(255)
    expect(pull?.body).not.toMatch(/[\u0000\u001b]/)
    expect(await provider.findOpen({ ...SPEC, head: 'x', targetKey: 'forged' })).toBeUndefined()
    expect(await provider.findOpen({ ...SPEC, head: 'x' })).toMatchObject({ number: 1 })
    expect(await provider.openOrUpdate(hostile)).toMatchObject({ outcome: 'unchanged' })
  })

  it.each(['Draft: [WIP] wip: update nginx', 'WIP:', ' \u0000 '])(
    'a title that means something: "%s"',
    async (title) => {
      const { double, provider } = await open(service)
      expect(await provider.openOrUpdate({ ...SPEC, title })).toMatchObject({ outcome: 'opened' })
      expect(double.state.pulls[0]?.draft).toBe(false)
      expect(await provider.openOrUpdate({ ...SPEC, title })).toMatchObject({ outcome: 'unchanged' })
    },
  )

  it('hostile branches stay values', async () => {
    const { double, provider } = await open(service)
    const head = 'image-updater/a"b&state=closed#ü%2F..'
    await provider.openOrUpdate({ ...SPEC, head })
    expect(double.state.pulls[0]?.head).toBe(head)
  })
})
