import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { openPromise } from 'yauzl'
import type { ArchiveEntry } from './krew-rules.ts'

const TYPE_MASK = 0o170000
const TYPES = new Map<number, ArchiveEntry['kind']>([
  [0o100000, 'file'],
  [0o040000, 'directory'],
])

/** Everything in a `.zip` or `.tar.gz`; told apart by their content, as krew does it. @throws Error when it is neither */
export function archiveEntries(path: string): Promise<ArchiveEntry[]> {
  const start = Buffer.alloc(2)
  const file = openSync(path, 'r')
  readSync(file, start, 0, 2, 0)
  closeSync(file)
  if (start.toString('latin1') === 'PK') return zipEntries(path)
  if (start.readUInt16BE() === 0x1f8b) return tarGzEntries(path)
  throw new Error(`${path} is neither a .zip nor a .tar.gz`)
}

async function tarGzEntries(path: string): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = []
  for await (const entry of createReadStream(path).pipe(createGunzip()).pipe(extract())) {
    const { name, type, mode = 0 } = entry.header
    const kind = type === 'file' || type === 'directory' ? type : 'other'
    entries.push({ name, kind, mode, content: await buffer(entry) })
  }
  return entries
}

async function zipEntries(path: string): Promise<ArchiveEntry[]> {
  const zip = await openPromise(path)
  const entries: ArchiveEntry[] = []
  for await (const entry of zip.eachEntry()) {
    // Rights and type of Unix are in the upper half.
    const mode = entry.externalFileAttributes >>> 16
    const content = await buffer(await zip.openReadStreamPromise(entry))
    entries.push({
      name: entry.fileName,
      kind: TYPES.get(mode & TYPE_MASK) ?? 'other',
      mode: mode & 0o777,
      content,
    })
  }
  return entries
}
