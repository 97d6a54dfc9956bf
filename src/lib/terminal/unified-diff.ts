import type { Paint } from './colour.ts'
import { printable } from './escape.ts'

/** A unified diff of git as a person reads it: every line made safe, and coloured as git does. */
function renderUnifiedDiff(diff: string, paint: Paint): string {
  return diff
    .split('\n')
    .filter((line, index, all) => line !== '' || index < all.length - 1)
    .filter((line) => !/^(?:diff --git|index [0-9a-f]+\.\.)/.test(line))
    .map((line) => `  ${painted(printable(line), paint)}\n`)
    .join('')
}

/** A commit as `git show` has it: its message, then what it changes. */
export function renderCommit({ diff, message }: { diff: string; message: string }, paint: Paint): string {
  const lines = message
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `      ${printable(line)}`))
  return `\n${lines.join('\n')}\n\n${renderUnifiedDiff(diff, paint)}`
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith('+++') || line.startsWith('---')) return paint('bold', line)
  if (line.startsWith('+')) return paint('green', line)
  if (line.startsWith('-')) return paint('red', line)
  return line.startsWith('@@') ? paint('cyan', line) : line
}
