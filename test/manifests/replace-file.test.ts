import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { replaceFile } from '../../src/lib/manifests/manifest-file.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'))
  path = join(folder, 'a.yaml')
  await writeFile(path, 'before')
})
afterEach(() => rm(folder, { force: true, recursive: true }))

it('puts the new text in, keeps the mode, and leaves nothing else', async () => {
  await chmod(path, 0o751)
  await replaceFile(path, 'a.yaml', 'before', 'äfter')
  expect(await readFile(path, 'utf8')).toBe('äfter')
  expect((await stat(path)).mode & 0o7777).toBe(0o751)
  expect(await readdir(folder)).toEqual(['a.yaml'])
})

it('writes nothing where the file says something else meanwhile', async () => {
  await writeFile(path, 'somebody')
  await expect(replaceFile(path, 'a.yaml', 'before', 'after')).rejects.toThrow(
    'a.yaml changed since it was read: nothing was written',
  )
  expect(await readFile(path, 'utf8')).toBe('somebody')
  expect(await readdir(folder)).toEqual(['a.yaml'])
})

it('says that a file is gone', async () => {
  await rm(path)
  await expect(replaceFile(path, 'a.yaml', 'before', 'after')).rejects.toThrow(
    'cannot write a.yaml: there is no such file',
  )
  expect(await readdir(folder)).toEqual([])
})
