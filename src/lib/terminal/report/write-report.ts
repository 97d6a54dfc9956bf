import { randomBytes } from 'node:crypto'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ReportFlagError } from './report-flag.ts'

/**
 * Puts a report into a file in one step, so that whoever collects it sees a whole one. What is no regular file
 * (`/dev/stderr`, a pipe) is written to as it is.
 *
 * @throws ReportFlagError when it cannot be written
 */
export async function writeReport(file: string, text: string): Promise<void> {
  const unfinished = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const there = await stat(file).catch(() => undefined)
    if (there && !there.isFile()) return await writeFile(file, text)
    await writeFile(unfinished, text, { flag: 'wx' })
    await rename(unfinished, file)
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {})
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException
    throw new ReportFlagError(
      `cannot write the report ${file}: ${code}`,
      'Name a file in a folder that exists and can be written',
      { cause },
    )
  }
}
