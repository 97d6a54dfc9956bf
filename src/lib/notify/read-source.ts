import { readFile } from 'node:fs/promises'
import type { Source } from './destination-flag.ts'
import { NotifyError } from './notify-error.ts'
import type { NotifySurroundings } from './surroundings.ts'

/** Characters: a secret, a URL or a template is shorter. */
const LONGEST = 64 * 1024

/**
 * Reads what a flag points to; line feeds at the end, which editors and `echo` leave, do not count.
 *
 * @param what for the error, such as `--notify slack: its URL`
 * @throws NotifyError when there is nothing; it names the place, never the text.
 */
export async function readSource(
  source: Source,
  what: string,
  { env }: Pick<NotifySurroundings, 'env'>,
): Promise<string> {
  if (source.from === 'flag') return source.value
  if (source.from === 'env') {
    const value = env[source.value]?.trim() ?? ''
    if (value === '') {
      throw new NotifyError(`${what}: the environment variable ${source.value} is not set`, 'Export it first')
    }
    return value
  }
  const text = await readFile(source.value, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new NotifyError(`${what}: the file ${source.value} cannot be read (${error.code ?? error.name})`)
  })
  if (text.length > LONGEST) throw new NotifyError(`${what}: the file ${source.value} is larger than 64 KiB`)
  const trimmed = text.replace(/[\r\n]+$/, '')
  if (trimmed === '') throw new NotifyError(`${what}: the file ${source.value} is empty`)
  return trimmed
}
