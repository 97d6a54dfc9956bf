import { describe, expect, it } from 'vitest'
import type { RepositoryChange } from '../../src/lib/git/commit-and-push.ts'
import { world, writing } from './operator.ts'
import { git } from './plain-git.ts'

const VALUES = 'app/values.yaml'
const NEW = 'tag: "1.1"\n'

describe('the base branch', () => {
  it.each<[string, Partial<RepositoryChange>, string]>([
    ['the named one', { base: 'staging', targetRevision: 'main' }, 'staging'],
    ['the revision of the Application', { targetRevision: 'staging' }, 'staging'],
    ['the default branch for HEAD', { targetRevision: 'HEAD' }, 'main'],
    ['the default branch otherwise', {}, 'main'],
  ])('is %s', async (_, choice, branch) => {
    const { change, repository } = await world()
    await git(repository, 'branch', 'staging', 'main')
    expect(await change({ ...choice, edit: writing(VALUES, NEW) })).toMatchObject({ branch, pushed: true })
  })

  it('must exist', async () => {
    const { change } = await world()
    await expect(change({ base: 'gone', edit: writing(VALUES, NEW) })).rejects.toMatchObject({
      kind: 'no-branch',
      message: expect.stringMatching(/gitops\.git has no branch gone$/),
    })
  })

  it('is never a tag', async () => {
    const { change, repository } = await world()
    await git(repository, 'tag', 'v1.0.0', 'main')
    await expect(change({ targetRevision: 'v1.0.0', edit: writing(VALUES, NEW) })).rejects.toMatchObject({
      kind: 'no-branch',
      message: expect.stringContaining('targetRevision v1.0.0 of the Application is not a branch of'),
    })
  })
})
