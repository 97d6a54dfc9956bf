import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { KeptDocuments } from '../../src/lib/state/kept-documents.ts'

const LIMITS = { bytes: 1000, files: 3 }
const KEY = 'ghcr.io/org/web'
const FILE = 'ghcr.io%2Forg%2Fweb.json'
const DAY = 24 * 3600

async function folderOf(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-documents-'))
  test.onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

function secondsAgo(seconds: number): Date {
  return new Date(Date.now() - seconds * 1000)
}

describe('documents in a folder', () => {
  it('are read by later runs, and by nobody else', async (test) => {
    const folder = join(await folderOf(test), 'deep', 'tags')
    await new KeptDocuments(folder, LIMITS).write(KEY, ['1.0'])
    const later = new KeptDocuments(folder, LIMITS)
    expect(await later.read(KEY)).toEqual(['1.0'])
    expect(await later.keys()).toEqual([KEY])
    expect(await readdir(folder)).toEqual([FILE])
    expect((await stat(join(folder, FILE))).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it.each([
    ['nothing', ''],
    ['half a file', '{"key":"ghcr.io/org/web","va'],
    ['null', 'null'],
    ['another key', '{"key":"ghcr.io/org/api","value":["1.0"]}'],
    ['a file that is too large', `{"key":"ghcr.io/org/web","value":"${'x'.repeat(1000)}"}`],
  ])('%s is as good as none, and is written over', async (_, text) => {
    const folder = await mkdtemp(join(tmpdir(), 'kept-documents-'))
    try {
      await writeFile(join(folder, FILE), text)
      const documents = new KeptDocuments(folder, LIMITS)
      expect(await documents.read(KEY)).toBeUndefined()
      await documents.write(KEY, ['2.0'])
      expect(await documents.read(KEY)).toEqual(['2.0'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('a pipe or a folder in the place of a file is not waited for', async (test) => {
    const folder = await folderOf(test)
    execFileSync('mkfifo', [join(folder, FILE)])
    await mkdir(join(folder, 'x.json'))
    const documents = new KeptDocuments(folder, LIMITS)
    expect(await documents.read(KEY)).toBeUndefined()
    expect(await documents.read('x')).toBeUndefined()
  })

  it('cannot be kept where nothing can be written, in silence', async (test) => {
    const folder = await folderOf(test)
    await writeFile(join(folder, 'file'), '')
    const documents = new KeptDocuments(join(folder, 'file', 'tags'), LIMITS)
    await documents.write(KEY, ['1.0'])
    expect(await documents.read(KEY)).toBeUndefined()
    expect(await documents.keys()).toEqual([])
  })

  it('do not leave the folder, however they are called', async (test) => {
    const folder = await folderOf(test)
    const documents = new KeptDocuments(join(folder, 'tags'), LIMITS)
    await documents.write('../../x', 1)
    await documents.write('..', 2)
    await documents.write('x'.repeat(300), 3)
    expect(await readdir(folder)).toEqual(['tags'])
    expect((await documents.keys()).toSorted()).toEqual(['..', '../../x'])
  })

  it('are removed when nobody used them for long, or they are too many', async (test) => {
    const folder = await folderOf(test)
    await Promise.all(
      [1, 2, 3, 100].map(async (days) => {
        const file = join(folder, `used-${days}-days-ago.json`)
        await writeFile(file, '{}')
        await utimes(file, secondsAgo(days * DAY), secondsAgo(days * DAY))
      }),
    )
    await new KeptDocuments(folder, { ...LIMITS, files: 5 }).write(KEY, 1)
    expect(await readdir(folder)).not.toContain('used-100-days-ago.json')
    await new KeptDocuments(folder, LIMITS).write(KEY, 1)
    expect((await readdir(folder)).toSorted()).toEqual([FILE, 'used-1-days-ago.json', 'used-2-days-ago.json'])
  })

  it('count as used when they are read', async (test) => {
    const folder = await folderOf(test)
    const documents = new KeptDocuments(folder, LIMITS)
    await documents.write(KEY, 1)
    await utimes(join(folder, FILE), secondsAgo(80 * DAY), secondsAgo(80 * DAY))
    await documents.read(KEY)
    expect((await stat(join(folder, FILE))).mtime > secondsAgo(DAY)).toBe(true)
    expect(await readFile(join(folder, FILE), 'utf8')).toBe(`{"key":"${KEY}","value":1}\n`)
  })
})
