import { readFileSync } from 'node:fs'
import { UserError } from '../errors.ts'

/**
 * The argument of `-o` that a file holds. Columns are two lines there, headers above paths, as kubectl has them.
 *
 * @throws UserError when it cannot be read
 */
export function readOutputFile(kind: string, file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException
    throw new UserError(`-o ${kind}: cannot read ${file}: ${code}`, 'Name a file that can be read', { cause })
  }
  if (kind !== 'custom-columns-file') return text
  const [headers = [], paths = []] = text.split('\n').map((line) => line.trim().split(/\s+/))
  if (headers.length !== paths.length || headers[0] === '') {
    throw new UserError(
      `-o ${kind}: ${file} has ${headers.length} headers and ${paths.length} paths`,
      'Write headers in the first line and as many paths in the second',
    )
  }
  return headers.map((header, index) => `${header}:${paths[index]}`).join(',')
}
