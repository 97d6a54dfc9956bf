import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file of the operator's own, readable by nobody else, so that whoever reads it meanwhile sees the whole of
 * the old one or of the new one. Its folder is made where it is missing.
 *
 * @throws what the file system says; nothing unfinished is left then
 */
export async function putInPlace(file: string, content: string | Buffer): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(unfinished, content, { flag: 'wx', mode: 0o600 })
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw error
  }
}
