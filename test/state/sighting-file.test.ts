import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { SightingFile } from '../../src/lib/state/sighting-file.ts'
import { stateFolder } from '../../src/lib/state/state-folder.ts'

const MONDAY = new Date('2026-03-02T12:00:00Z')
const TUESDAY = new Date('2026-03-03T12:00:00Z')
const WEDNESDAY = new Date('2026-03-04T12:00:00Z')

async function folderOf(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sightings-'))
  test.onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

function open(path: string): { file: SightingFile; warnings: string[] } {
  const warnings: string[] = []
  return { file: new SightingFile(path, (text) => warnings.push(text)), warnings }
}

describe('first sights', () => {
  it('are remembered by later runs, by digest', async (test) => {
    const path = join(await folderOf(test), 'deep', 'first-sights.json')
    const first = open(path)
    expect(await first.file.sighted('org/web', '1.0', 'sha256:a', MONDAY)).toEqual(MONDAY)
    await first.file.save()
    const later = open(path)
    expect(await later.file.sighted('org/web', '1.0', 'sha256:a', TUESDAY)).toEqual(MONDAY)
    expect(await later.file.sighted('org/web', '1.0', 'sha256:b', TUESDAY)).toEqual(TUESDAY)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(first.warnings).toEqual([])
  })

  it('of two processes are merged, and the earlier counts', async (test) => {
    const path = join(await folderOf(test), 'first-sights.json')
    const [one, two] = [open(path).file, open(path).file]
    await one.sighted('org/web', '1.0', '', TUESDAY)
    await two.sighted('org/web', '1.0', '', MONDAY)
    await two.sighted('org/api', '2.0', '', MONDAY)
    await two.save()
    await one.save()
    const { file } = open(path)
    expect(await file.sighted('org/web', '1.0', '', WEDNESDAY)).toEqual(MONDAY)
    expect(await file.sighted('org/api', '2.0', '', WEDNESDAY)).toEqual(MONDAY)
  })

  it('in the future never happened: the clock was wrong', async (test) => {
    const { file } = open(join(await folderOf(test), 'first-sights.json'))
    await file.sighted('org/web', '1.0', '', WEDNESDAY)
    expect(await file.sighted('org/web', '1.0', '', MONDAY)).toEqual(MONDAY)
  })

  it('are forgotten some months after the last sight', async (test) => {
    const path = join(await folderOf(test), 'first-sights.json')
    const { file } = open(path)
    await file.sighted('org/old', '1.0', '', new Date('2025-10-01T00:00:00Z'))
    await file.sighted('org/web', '1.0', '', MONDAY)
    await file.save()
    expect(await readFile(path, 'utf8')).not.toContain('org/old')
  })

  it.each(['', '{', '[]', '{"sights": 3}', '{"sights": {"org/web:1.0@": ["x", null]}}'])(
    'a damaged file %j is as good as none',
    async (text) => {
      const folder = await mkdtemp(join(tmpdir(), 'sightings-'))
      try {
        const path = join(folder, 'first-sights.json')
        await writeFile(path, text)
        const { file } = open(path)
        expect(await file.sighted('org/web', '1.0', '', MONDAY)).toEqual(MONDAY)
        await file.save()
        expect(await open(path).file.sighted('org/web', '1.0', '', TUESDAY)).toEqual(MONDAY)
        expect(await readdir(folder)).toEqual(['first-sights.json'])
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )

  it('that cannot be kept are told once, and nothing fails', async (test) => {
    const folder = await folderOf(test)
    await writeFile(join(folder, 'file'), '')
    const { file, warnings } = open(join(folder, 'file', 'first-sights.json'))
    for (const day of [MONDAY, WEDNESDAY]) {
      await file.sighted('org/web', '1.0', '', day)
      await file.save()
    }
    expect(warnings).toEqual([expect.stringContaining('rules with min-age begin to wait anew')])
  })
})

it.each([
  [{}, '/home/ann/.local/state/kubectl-image-updater'],
  [{ XDG_STATE_HOME: '/var/state' }, '/var/state/kubectl-image-updater'],
  [{ XDG_STATE_HOME: 'relative' }, '/home/ann/.local/state/kubectl-image-updater'],
])('the folder with %j is %s', (env, expected) => {
  expect(stateFolder(env, '/home/ann')).toBe(expected)
})
