import { describe, expect, it } from 'vitest'
import { world, writing } from './operator.ts'
import { git } from './plain-git.ts'
import { commitFiles } from './server.ts'

const VALUES = 'app/values.yaml'
const NEW = 'tag: "1.1"\n'

describe('a write branch', () => {
  const write = {
    branch: 'updates',
    isOwn: ({ committerEmail }: { committerEmail: string }) => committerEmail === 'op@example.com',
  }

  it('begins at the base and leaves it alone', async () => {
    const { change, repository } = await world()
    const before = await git(repository, 'rev-parse', 'main')
    expect(await change({ write, edit: writing(VALUES, NEW) })).toMatchObject({
      branch: 'updates',
      base: 'main',
      pushed: true,
    })
    expect(await git(repository, 'rev-parse', 'main', 'updates~1')).toBe(`${before}\n${before}`)
  })

  it('is added to while the base stays', async () => {
    const { change, repository } = await world()
    await change({ write, edit: writing(VALUES, NEW, 'one') })
    await change({ write, edit: writing('b.yaml', 'b\n', 'two') })
    expect(await git(repository, 'log', '--format=%s', 'updates')).toBe('two\none\nfirst')
  })

  it('is ahead of the base as long as it has something that the base has not', async () => {
    const { change, repository } = await world()
    const nothing = { edit: async () => 'nothing' as const, write }
    expect(await change(nothing)).toMatchObject({ ahead: false })
    expect(await change({ write, dryRun: true, edit: writing(VALUES, NEW) })).toMatchObject({ ahead: true })
    expect(await change({ write, edit: writing(VALUES, NEW) })).toMatchObject({ ahead: true })
    expect(await change(nothing)).toMatchObject({ ahead: true })
    await git(repository, 'update-ref', 'refs/heads/main', 'updates')
    expect(await change(nothing)).toMatchObject({ ahead: false })
    expect(await change({ edit: writing(VALUES, 'tag: "2.0"\n') })).toMatchObject({ ahead: false })
  })

  it('moves onto a base that has moved', async () => {
    const { change, repository } = await world({ [VALUES]: 'a: 1\n\n\n\nb: 1\n' })
    await change({ write, edit: writing(VALUES, 'a: 2\n\n\n\nb: 1\n', 'one') })
    const base = await commitFiles(repository, 'main', { [VALUES]: 'a: 1\n\n\n\nb: 9\n' }, 'other')
    await change({ write, edit: writing('b.yaml', 'b\n', 'two') })
    expect(await git(repository, 'log', '--format=%s', 'updates')).toBe('two\none\nother\nfirst')
    expect(await git(repository, 'rev-parse', 'updates~2')).toBe(base)
    expect(await git(repository, 'show', `updates:${VALUES}`)).toBe('a: 2\n\n\n\nb: 9')
  })

  it('moves also when there is nothing to add', async () => {
    const { change, repository } = await world()
    await change({ write, edit: writing(VALUES, NEW, 'one') })
    await commitFiles(repository, 'main', { other: 'x' }, 'other')
    expect(await change({ write, edit: async () => 'nothing' })).toMatchObject({ pushed: true })
    expect(await git(repository, 'log', '--format=%s', 'updates')).toBe('one\nother\nfirst')
  })

  it('begins anew after a merge that squashed it', async () => {
    const { change, repository } = await world()
    await change({ write, edit: writing(VALUES, NEW, 'one') })
    await commitFiles(repository, 'main', { [VALUES]: NEW }, 'squashed')
    await change({ write, edit: writing('b.yaml', 'b\n', 'two') })
    expect(await git(repository, 'log', '--format=%s', 'updates')).toBe('two\nsquashed\nfirst')
  })

  it('is only added to when it holds a commit of somebody else', async () => {
    const { change, repository } = await world()
    await change({ write, edit: writing(VALUES, NEW, 'one') })
    const theirs = await commitFiles(repository, 'updates', { theirs: 'x' }, 'theirs')
    await commitFiles(repository, 'main', { other: 'x' }, 'other')
    await change({ write, edit: writing('b.yaml', 'b\n', 'two') })
    expect(await git(repository, 'rev-parse', 'updates~1')).toBe(theirs)
  })

  it('is only added to when its changes conflict with those of the base', async () => {
    const { change, repository } = await world()
    await change({ write, edit: writing(VALUES, NEW, 'one') })
    await commitFiles(repository, 'main', { [VALUES]: 'tag: "2.0"\n' }, 'other')
    await change({ write, edit: writing('b.yaml', 'b\n', 'two') })
    expect(await git(repository, 'log', '--format=%s', 'updates')).toBe('two\none\nfirst')
  })

  it('that somebody else moves at that moment is not overwritten', async () => {
    const { change, repository, server } = await world()
    await change({ write, edit: writing(VALUES, NEW, 'one') })
    await commitFiles(repository, 'main', { other: 'x' }, 'other')
    let done = false
    server.before = async (request) => {
      if (done || !request.startsWith('POST') || !request.endsWith('/git-receive-pack')) return
      done = true
      await commitFiles(repository, 'updates', { theirs: 'x' }, 'theirs')
    }
    expect(await change({ write, edit: writing('b.yaml', 'b\n', 'two') })).toMatchObject({ attempts: 2 })
    expect(await git(repository, 'log', '--format=%s', 'updates')).toBe('two\ntheirs\none\nfirst')
  })
})
