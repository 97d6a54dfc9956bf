import { GitError } from './git-error.ts'

/**
 * Checks a path inside a repository: relative, with `/`, without a way out and without anything of git's own. `.`
 * parts and double slashes are taken out.
 *
 * @returns the path as git lists it; '' for the root
 * @throws GitError of kind `path`
 */
export function checkTreePath(path: string): string {
  const problem = problemOf(path)
  if (problem !== undefined) {
    throw new GitError(
      'path',
      `the path ${JSON.stringify(path)} ${problem}`,
      'Give a path inside the repository, relative to its root',
    )
  }
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

function problemOf(path: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(path)) return 'holds control characters'
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'is absolute'
  if (path.includes('\\')) return 'holds a backslash'
  const parts = path.split('/')
  if (parts.includes('..')) return 'leads out of the repository'
  // Also the spellings that other systems take for the same folder.
  if (parts.some((part) => /^(?:\.git|git~\d+)[ .]*(?::.*)?$/i.test(part))) return "is in git's own folder"
  return undefined
}
