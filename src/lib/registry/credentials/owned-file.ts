import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../../errors.ts'

/** A file that others than the operator could have written. */
export class OwnedFileError extends UserError {}

const WORLD_WRITABLE = 0o002
/** On a folder: only its owner may replace a file in it. */
const STICKY = 0o1000

/**
 * Makes sure that only the operator or the administrator can have written a file that may run programs or
 * send passwords: it belongs to one of them, not everybody may write it, nor replace it in its folder.
 * Windows has no such owners; there only that it is a file is checked.
 *
 * @returns the path without symbolic links.
 * @throws OwnedFileError naming what is wrong.
 */
export async function ownedFile(path: string): Promise<string> {
  const file = await realpath(path).catch((cause: NodeJS.ErrnoException) => {
    throw new OwnedFileError(`${path} cannot be read (${cause.code})`, 'Check the path', { cause })
  })
  const { uid, mode, isFile } = await read(file)
  if (!isFile) throw new OwnedFileError(`${path} is not a file`, 'Name a file')
  if (process.platform === 'win32') return file
  const operator = process.getuid?.() ?? 0
  if (uid !== operator && uid !== 0) {
    throw new OwnedFileError(`${path} belongs to another user (uid ${uid})`, `Make a copy that is yours`)
  }
  if ((mode & WORLD_WRITABLE) !== 0) {
    throw new OwnedFileError(`every user of this machine may change ${path}`, `Run: chmod o-w ${path}`)
  }
  const folder = dirname(file)
  const { mode: folderMode } = await read(folder)
  if ((folderMode & WORLD_WRITABLE) !== 0 && (folderMode & STICKY) === 0) {
    throw new OwnedFileError(`every user of this machine may replace ${path}`, `Run: chmod o-w ${folder}`)
  }
  return file
}

async function read(path: string): Promise<{ uid: number; mode: number; isFile: boolean }> {
  const found = await stat(path)
  return { uid: found.uid, mode: found.mode, isFile: found.isFile() }
}
