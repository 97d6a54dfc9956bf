import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'
import { ZipFile } from 'yazl'

/** A file of an archive. */
export interface ArchiveFile {
  /** In the archive, without a folder. */
  readonly name: string
  readonly content: Buffer
  readonly executable: boolean
}

// The same for every build: an archive depends on its files and on nothing else. A zip has no years before 1980, and
// its times are those of a clock on the wall, so there it is the same local time in every time zone.
const TIME = new Date('2000-01-01T00:00:00Z')
const wallClock = () => new Date(2000, 0, 1)

/**
 * Writes files, in the order given, as `.tar.gz` or `.zip`, whichever the path ends in. Regular files only: krew
 * installs no links. krew sets no rights afterwards, so they stand in the archive.
 */
export async function writeArchive(path: string, files: readonly ArchiveFile[]): Promise<void> {
  for (const { name } of files) {
    if (!/^[\w-]+(\.[\w-]+)*$/.test(name))
      throw new Error(`${name} cannot be the name of a file in an archive`)
  }
  await pipeline(path.endsWith('.zip') ? zip(files) : tarGz(files), createWriteStream(path))
}

function tarGz(files: readonly ArchiveFile[]): NodeJS.ReadableStream {
  const archive = pack()
  for (const file of files) {
    const header = { name: file.name, mode: modeOf(file), mtime: TIME, type: 'file', uid: 0, gid: 0 } as const
    archive.entry(header, file.content)
  }
  archive.finalize()
  // node:zlib notes neither a name nor a time.
  return archive.pipe(createGzip({ level: 9 }))
}

function zip(files: readonly ArchiveFile[]): NodeJS.ReadableStream {
  const archive = new ZipFile()
  for (const file of files) {
    const options = { mode: 0o100000 | modeOf(file), mtime: wallClock(), forceDosTimestamp: true }
    archive.addBuffer(file.content, file.name, { ...options, compressionLevel: 9 })
  }
  archive.end()
  return archive.outputStream
}

function modeOf({ executable }: ArchiveFile): number {
  return executable ? 0o755 : 0o644
}
