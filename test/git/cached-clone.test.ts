import { readdir, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pruneClones } from '../../src/lib/git/clone-cache.ts'
import { world, writing } from './operator.ts'
import { BASIC } from './server.ts'

const VALUES = 'app/values.yaml'
const NEW = 'tag: "1.1"\n'

describe('the cached clone', () => {
  it('is one, used again, and asks only once when nothing is new', async () => {
    const { change, server, cacheFolder } = await world()
    await change({ edit: writing(VALUES, NEW) })
    server.requests.length = 0
    await change({ edit: async () => 'nothing' })
    expect(server.requests).toEqual([
      'GET /gitops.git/info/refs?service=git-upload-pack',
      'POST /gitops.git/git-upload-pack',
    ])
    const names = await readdir(join(cacheFolder, 'git'))
    expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.git$/)])
  })

  it('is thrown away and made anew when it is damaged', async () => {
    const { change, cacheFolder } = await world()
    await change({ edit: writing(VALUES, NEW) })
    const [clone = ''] = await readdir(join(cacheFolder, 'git'))
    const objects = join(cacheFolder, 'git', clone, 'objects')
    await rm(objects, { recursive: true })
    await writeFile(objects, '')
    expect(await change({ edit: writing(VALUES, 'tag: "1.2"\n') })).toMatchObject({ pushed: true })
    for (const name of await readdir(join(objects, 'pack'))) {
      await rm(join(objects, 'pack', name), { force: true })
    }
    for (const name of (await readdir(objects)).filter((each) => each.length === 2)) {
      await rm(join(objects, name), { recursive: true })
    }
    expect(await change({ edit: writing(VALUES, 'tag: "1.3"\n') })).toMatchObject({ pushed: true })
  })

  it('does not mind lock files of a run that was killed', async () => {
    const { change, cacheFolder } = await world()
    await change({ edit: writing(VALUES, NEW) })
    const root = join(cacheFolder, 'git')
    const [clone = ''] = await readdir(root)
    for (const name of [
      'shallow.lock',
      'config.lock',
      'refs/tips/main.lock',
      'packed-refs.lock',
      'index-1',
    ]) {
      await writeFile(join(root, clone, name), '')
    }
    // A process that has certainly ended.
    await writeFile(join(root, clone.replace(/git$/, 'lock')), `4194304 ${hostname()}`)
    expect(await change({ edit: writing(VALUES, 'tag: "1.2"\n') })).toMatchObject({ pushed: true })
  })

  it('makes room for others when all together are too large', async () => {
    const { change, cacheFolder, server } = await world()
    await change({ edit: writing(VALUES, NEW) })
    const root = join(cacheFolder, 'git')
    const [first = ''] = await readdir(root)
    await server.createRepository('second.git', { [VALUES]: NEW })
    await change({ url: `${server.origin}/second.git`, edit: async () => 'nothing' })
    const second = (await readdir(root)).find((name) => name !== first) ?? ''
    await pruneClones(root, second.replace('.git', ''))
    expect(await readdir(root)).toHaveLength(2)
    await pruneClones(root, second.replace('.git', ''), 1)
    expect(await readdir(root)).toEqual([second])
  })

  it('is not shared by two identities', async () => {
    const { change, cacheFolder } = await world()
    await change({ edit: async () => 'nothing' })
    await change({ access: { ...BASIC, username: 'other' }, edit: async () => 'nothing' }).catch(() => {})
    expect((await readdir(join(cacheFolder, 'git'))).filter((name) => name.endsWith('.git'))).toHaveLength(2)
  })
})
