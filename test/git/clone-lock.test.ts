import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { takeLock } from '../../src/lib/git/clone-lock.ts'

const WHAT = { what: 'the clone' }

async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'clone-lock-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return { folder, file: join(folder, 'lock') }
}

it('is held by one at a time', async () => {
  const { file, folder } = await place()
  let inside = 0
  await Promise.all(
    [1, 2, 3].map(async () => {
      await using _lock = await takeLock(file, WHAT)
      expect(++inside).toBe(1)
      await readdir(folder)
      inside--
    }),
  )
  expect(await readdir(folder)).toEqual([])
})

it('is not waited for longer than told', async () => {
  const { file } = await place()
  await using _lock = await takeLock(file, WHAT)
  await expect(takeLock(file, { ...WHAT, patience: 0 })).rejects.toMatchObject({
    kind: 'locked',
    message: 'the clone is in use by another run',
  })
  const signal = AbortSignal.abort()
  await expect(takeLock(file, { ...WHAT, signal })).rejects.toMatchObject({ kind: 'interrupted' })
})

it('of a process that has ended is taken over', async () => {
  const { file, folder } = await place()
  await writeFile(file, `4194304 ${hostname()}`)
  await using _lock = await takeLock(file, { ...WHAT, patience: 0 })
  expect(await readdir(folder)).toEqual(['lock'])
})

it('of another machine is taken over once it gives no sign of life', async () => {
  const { file } = await place()
  await writeFile(file, '1 elsewhere')
  await expect(takeLock(file, { ...WHAT, patience: 0 })).rejects.toMatchObject({ kind: 'locked' })
  const long = new Date(Date.now() - 120_000)
  await utimes(file, long, long)
  await using _lock = await takeLock(file, { ...WHAT, patience: 0 })
})
