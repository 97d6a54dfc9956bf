import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { ListedTags } from '../../src/lib/state/listed-tags.ts'

const WEB = 'ghcr.io/org/web'

async function folderOf(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'listed-tags-'))
  test.onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const named = (...tags: string[]) => tags.map((tag) => ({ tag }))

describe('tags of listings', () => {
  it('are there for later runs, the newest version first', async (test) => {
    const folder = await folderOf(test)
    const tags = named(
      'latest',
      '1.9.0',
      'v1.10.0',
      '1.10.1-rc1',
      '1.10.1',
      'main-7',
      `sha256-${'0'.repeat(64)}.sig`,
    )
    await new ListedTags(folder).remember(WEB, tags)
    const later = new ListedTags(folder)
    expect(await later.tagsOf(WEB)).toEqual(['1.10.1', '1.10.1-rc1', 'v1.10.0', '1.9.0', 'main-7', 'latest'])
    expect(await later.repositories()).toEqual([WEB])
    expect(await later.tagsOf('ghcr.io/org/api')).toEqual([])
  })

  it('follow the push time where the registry tells it', async (test) => {
    const listed = new ListedTags(await folderOf(test))
    await listed.remember(WEB, [
      { tag: '2.0.0', pushedAt: new Date('2026-01-01T00:00:00Z') },
      { tag: '1.9.9', pushedAt: new Date('2026-02-01T00:00:00Z') },
    ])
    expect(await listed.tagsOf(WEB)).toEqual(['1.9.9', '2.0.0'])
  })

  it('are the newest thousand of many', async (test) => {
    const listed = new ListedTags(await folderOf(test))
    await listed.remember(WEB, named(...Array.from({ length: 5000 }, (_, index) => `1.${index}`)))
    const tags = await listed.tagsOf(WEB)
    expect([tags.length, tags[0], tags.at(-1)]).toEqual([1000, '1.4999', '1.4000'])
  })

  it('are written only when they are others', async (test) => {
    const folder = await folderOf(test)
    const file = join(folder, 'tags', `${encodeURIComponent(WEB)}.json`)
    await new ListedTags(folder).remember(WEB, named('1.0', '1.1'))
    const { ino } = await stat(file)
    await new ListedTags(folder).remember(WEB, named('1.0', '1.1'))
    expect((await stat(file)).ino).toBe(ino)
    await new ListedTags(folder).remember(WEB, named('1.0', '1.1', '1.2'))
    expect(await readFile(file, 'utf8')).toContain('"1.2"')
  })

  it('of a file that somebody else wrote are tags, or left out (S14)', async (test) => {
    const folder = await folderOf(test)
    await mkdir(join(folder, 'tags'))
    const write = (value: unknown) =>
      writeFile(join(folder, 'tags', `${encodeURIComponent(WEB)}.json`), JSON.stringify({ key: WEB, value }))
    await write({ tags: ['1.0', 7, null, '$(touch x)', 'a b', 'a\u001b[2J', 'x'.repeat(200), '-rf', ''] })
    expect(await new ListedTags(folder).tagsOf(WEB)).toEqual(['1.0'])
    for (const value of [null, [], 'x', { tags: 'x' }, { tags: { length: 3 } }]) {
      await write(value)
      expect(await new ListedTags(folder).tagsOf(WEB)).toEqual([])
    }
  })
})
