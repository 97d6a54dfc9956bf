import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { type ApplicationImages, ImageNames } from '../../src/lib/state/image-names.ts'

const PROD = { context: 'prod', server: 'https://prod.example.com' }

async function folderOf(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'image-names-'))
  test.onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

function shop(repositories: Record<string, string>, namespace = 'argocd'): ApplicationImages {
  return { namespace, name: 'shop', repositories: new Map(Object.entries(repositories)) }
}

describe('names of images', () => {
  it('are there for later runs, by cluster and namespace', async (test) => {
    const folder = await folderOf(test)
    await new ImageNames(folder).remember(PROD, [shop({ web: 'ghcr.io/org/web' })])
    await new ImageNames(folder).remember(PROD, [shop({ api: 'ghcr.io/org/api' }, 'team-a')])
    const names = new ImageNames(folder)
    expect([...(await names.imagesOf(PROD, ['argocd', 'default'], 'shop'))]).toEqual([
      ['web', 'ghcr.io/org/web'],
    ])
    expect([...(await names.imagesOf(PROD, ['team-a'], 'shop')).keys()]).toEqual(['api'])
    expect([...(await names.imagesOf(PROD, [], 'shop')).keys()]).toEqual(['web'])
    expect((await names.imagesOf(PROD, ['default'], 'shop')).size).toBe(0)
    const other = { ...PROD, server: 'https://other.example.com' }
    expect((await names.imagesOf(other, [], 'shop')).size).toBe(0)
  })

  it('are those that were seen last; an Application without rules has none', async (test) => {
    const names = new ImageNames(await folderOf(test))
    await names.remember(PROD, [shop({ web: 'ghcr.io/org/web' })])
    await names.remember(PROD, [shop({ app: 'ghcr.io/org/web' })])
    expect([...(await names.imagesOf(PROD, [], 'shop')).keys()]).toEqual(['app'])
    await names.remember(PROD, [shop({})])
    expect((await names.imagesOf(PROD, [], 'shop')).size).toBe(0)
  })

  it('of very many Applications are those that were seen last', async (test) => {
    const names = new ImageNames(await folderOf(test))
    const many = Array.from({ length: 6000 }, (_, index) => {
      return { ...shop({ web: 'ghcr.io/org/web' }), name: `shop-${index}` }
    })
    await names.remember(PROD, many)
    expect((await names.imagesOf(PROD, [], 'shop-999')).size).toBe(0)
    expect((await names.imagesOf(PROD, [], 'shop-1000')).size).toBe(1)
    expect((await names.imagesOf(PROD, [], 'shop-5999')).size).toBe(1)
  })

  it('are written only when they are others', async (test) => {
    const folder = await folderOf(test)
    await new ImageNames(folder).remember(PROD, [shop({ web: 'ghcr.io/org/web' })])
    const [file = ''] = await readdir(join(folder, 'image-names'))
    const { ino } = await stat(join(folder, 'image-names', file))
    await new ImageNames(folder).remember(PROD, [shop({ web: 'ghcr.io/org/web' })])
    expect((await stat(join(folder, 'image-names', file))).ino).toBe(ino)
  })

  it.each([null, 7, 'x', [], { 'argocd/shop': null }, { 'argocd/shop': 7 }, { 'argocd/shop': { web: 7 } }])(
    'in a file that somebody else wrote are none: %j',
    async (value) => {
      const folder = await mkdtemp(join(tmpdir(), 'image-names-'))
      try {
        await new ImageNames(folder).remember(PROD, [shop({ web: 'ghcr.io/org/web' })])
        const [file = ''] = await readdir(join(folder, 'image-names'))
        const key = file.replace('.json', '')
        await writeFile(join(folder, 'image-names', file), JSON.stringify({ key, value }))
        expect((await new ImageNames(folder).imagesOf(PROD, [], 'shop')).size).toBe(0)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )
})
