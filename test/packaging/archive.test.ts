import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ArchiveFile, writeArchive } from '../../packaging/archive.ts'
import { archiveEntries } from '../../packaging/archive-entries.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'))
})
afterAll(() => rm(folder, { recursive: true }))

const files: ArchiveFile[] = [
  { name: 'LICENSE', content: Buffer.from('free'), executable: false },
  { name: 'tool.exe', content: Buffer.alloc(100_000, 'code'), executable: true },
]

describe.each(['zip', 'tar.gz'])('%s', (kind) => {
  it('holds the files in order, with their rights', async () => {
    const path = join(folder, `kept.${kind}`)
    await writeArchive(path, files)
    expect(await archiveEntries(path)).toEqual([
      { name: 'LICENSE', kind: 'file', mode: 0o644, content: files[0]?.content },
      { name: 'tool.exe', kind: 'file', mode: 0o755, content: files[1]?.content },
    ])
  })

  it('is the same bytes every time, in every time zone', async () => {
    const zone = process.env['TZ']
    const made: Buffer[] = []
    try {
      for (const [index, other] of ['UTC', 'Pacific/Auckland'].entries()) {
        process.env['TZ'] = other
        const path = join(folder, `again-${index}.${kind}`)
        await writeArchive(path, files)
        made.push(readFileSync(path))
      }
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
    expect(made[0]?.equals(made[1] ?? Buffer.alloc(0))).toBe(true)
  })

  it.each(['../tool', '/tool', 'a/b', 'a..b', ''])('takes no file named %j', async (name) => {
    const file = { name, content: Buffer.alloc(0), executable: false }
    await expect(writeArchive(join(folder, `refused.${kind}`), [file])).rejects.toThrow('cannot be the name')
  })
})
