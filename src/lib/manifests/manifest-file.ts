import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, chown, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ManifestError } from './manifest-error.ts'

/** Bytes. Manifests are written by people; what is bigger was made by a machine, and would take minutes to read. */
export const LARGEST_FILE = 8 * 1024 * 1024

/** A file's text, byte for byte: a byte order mark stays in it. @throws ManifestError when it is no UTF-8. */
export function textOfBytes(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ManifestError(`${name} is not UTF-8 text`, 'Save it as UTF-8', { cause })
  }
}

/**
 * Reads a file that may be a manifest.
 *
 * @param name the file as the person named it, for messages
 * @throws ManifestError when it cannot be read or is too big
 */
export async function readBytes(path: string, name: string): Promise<Buffer> {
  try {
    const { size } = await stat(path)
    if (size > LARGEST_FILE) throw tooBig(name, size)
    return await readFile(path)
  } catch (error) {
    throw error instanceof ManifestError ? error : cannot('read', name, error)
  }
}

/** @throws ManifestError always */
export function tooBig(name: string, size: number): ManifestError {
  const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`
  return new ManifestError(
    `${name} has ${megabytes(size)}, more than the ${megabytes(LARGEST_FILE)} that are read`,
    'Split it, or name the files that hold Applications',
  )
}

/**
 * Puts a text into a file in one step: whoever reads it sees the old text or the new one. Mode and owner stay.
 *
 * @param before what must still be in it
 * @throws ManifestError when the file says something else meanwhile, or cannot be written; then it is as it was.
 */
export async function replaceFile(path: string, name: string, before: string, after: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await access(path, constants.W_OK)
    const { gid, mode, uid } = await stat(path)
    await writeNew(temporary, after)
    await chmod(temporary, mode & 0o7777)
    // Only root may give files away; whoever else edits a file owns the new one.
    await chown(temporary, uid, gid).catch(() => {})
    if (!Buffer.from(before).equals(await readFile(path))) {
      throw new ManifestError(`${name} changed since it was read: nothing was written`, 'Run it again')
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error instanceof ManifestError ? error : cannot('write', name, error)
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links go round in circles',
  ENOENT: 'there is no such file',
  ENOSPC: 'the disk is full',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
}

/** What a file operation failed with, in words. */
export function cannot(verb: 'read' | 'write', name: string, error: unknown): ManifestError {
  const { code = '', message } = error as NodeJS.ErrnoException
  return new ManifestError(`cannot ${verb} ${name}: ${REASONS[code] ?? (code || message)}`, '', {
    cause: error,
  })
}
