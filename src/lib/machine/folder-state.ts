import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What can be done with a folder that this program keeps things in. */
export interface FolderState {
  readonly exists: boolean
  /** Whether things can be put in it, or it can be made. */
  readonly writable: boolean
  /** Whether other users of this machine may write in it; false where the system knows no such thing. */
  readonly open: boolean
}

/** Looks at a folder without changing anything. */
export async function folderState(folder: string): Promise<FolderState> {
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) {
    return { exists: false, open: false, writable: await mayWrite(await nearestFolder(folder)) }
  }
  const open = process.platform !== 'win32' && (found.mode & 0o022) !== 0
  return { exists: true, open, writable: found.isDirectory() && (await mayWrite(folder)) }
}

/** The folder in which a new one would be made. */
async function nearestFolder(folder: string): Promise<string> {
  const parent = dirname(folder)
  if (parent === folder || (await stat(parent).catch(() => undefined))) return parent
  return nearestFolder(parent)
}

function mayWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
}
