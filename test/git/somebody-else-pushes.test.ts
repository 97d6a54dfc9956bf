import { describe, expect, it } from 'vitest'
import { world, writing } from './operator.ts'
import { git } from './plain-git.ts'
import { commitFiles } from './server.ts'

const VALUES = 'app/values.yaml'
const NEW = 'tag: "1.1"\n'

describe('somebody else pushes meanwhile', () => {
  it('nothing of twenty commits is lost, and history stays linear', async () => {
    const { change, repository, server } = await world()
    let others = 0
    server.before = async (request) => {
      // Before each push arrives, while there is something left: every attempt up to then is too late.
      if (!request.endsWith('/git-receive-pack') || request.startsWith('GET') || others >= 20) return
      for (const _ of [1, 2, 3, 4, 5]) {
        others++
        await commitFiles(repository, 'main', { [`other/${others}`]: `${others}\n` }, `other ${others}`)
      }
    }
    const result = await change({
      edit: async (tree) => {
        await tree.write(VALUES, `${await tree.read(VALUES)}seen: ${(await tree.list('other')).length}\n`)
        return { message: 'update' }
      },
    })
    expect(result).toMatchObject({ pushed: true, attempts: 5 })
    expect((await git(repository, 'ls-tree', '--name-only', 'main:other')).split('\n')).toHaveLength(20)
    expect(await git(repository, 'show', `main:${VALUES}`)).toBe('tag: "1.0"\nseen: 20')
    expect(await git(repository, 'rev-list', '--count', 'main')).toBe('22')
    expect(await git(repository, 'rev-list', '--min-parents=2', 'main')).toBe('')
  })

  it('gives up after some attempts', async () => {
    const { change, repository, server } = await world()
    let others = 0
    server.before = async (request) => {
      if (request.startsWith('POST') && request.endsWith('/git-receive-pack')) {
        await commitFiles(repository, 'main', { other: `${++others}` }, 'other')
      }
    }
    await expect(change({ retries: 2, edit: writing(VALUES, NEW) })).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/the branch has moved meanwhile.*, 3 times in a row$/),
    })
  })

  it('two runs of this tool on one repository follow one another', async () => {
    const { change, repository } = await world()
    const edits = ['a', 'b', 'c'].map((name) => change({ edit: writing(`${name}.yaml`, name) }))
    const results = await Promise.all(edits)
    expect(results.map(({ pushed }) => pushed)).toEqual([true, true, true])
    expect(await git(repository, 'rev-list', '--count', 'main')).toBe('4')
  })
})
