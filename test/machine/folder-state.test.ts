import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { folderState } from '../../src/lib/machine/folder-state.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'image-updater-folder-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

it('a folder of one’s own is writable', async () => {
  expect(await folderState(home)).toEqual({ exists: true, open: false, writable: true })
})

it('a folder that is not there can be made where one above it is writable', async () => {
  expect(await folderState(join(home, 'not', 'yet'))).toEqual({ exists: false, open: false, writable: true })
})

it('a folder that others may write in is open', async () => {
  const folder = join(home, 'shared')
  await mkdir(folder)
  await chmod(folder, 0o777)
  expect(await folderState(folder)).toMatchObject({ exists: true, open: true })
})

it('a file in its place cannot be written in', async () => {
  const file = join(home, 'file')
  await writeFile(file, '')
  expect(await folderState(file)).toMatchObject({ exists: true, writable: false })
})
