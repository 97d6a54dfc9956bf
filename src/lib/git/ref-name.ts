import { GitError } from './git-error.ts'

/** Longer names do not fit into a file name on some servers. */
const LONGEST = 244

/**
 * Checks the name of a branch by the rules of `git check-ref-format --branch`, and against names that could be
 * taken for something else.
 *
 * @returns the name
 * @throws GitError of kind `branch-name`
 */
export function checkBranchName(name: string): string {
  const problem = problemOf(name)
  if (problem === undefined) return name
  throw new GitError(
    'branch-name',
    `${JSON.stringify(name)} cannot be the name of a branch: it ${problem}`,
    'Use letters, digits, / . _ and -',
  )
}

function problemOf(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name.startsWith('-')) return 'looks like an option'
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) return 'holds control characters'
  if (/[ ~^:?*[\\]/.test(name)) return 'holds a blank or one of ~ ^ : ? * [ \\'
  if (name.includes('..')) return 'holds ..'
  if (name.includes('@{')) return 'holds @{'
  if (name.startsWith('/') || name.endsWith('/') || name.includes('//'))
    return 'has an empty part between slashes'
  if (name.endsWith('.')) return 'ends in a dot'
  if (name.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'))) {
    return 'has a part that begins with a dot or ends in .lock'
  }
  if (name === '@' || name === 'HEAD' || name.startsWith('refs/')) return 'means something else to git'
  if (Buffer.byteLength(name) > LONGEST) return `is longer than ${LONGEST} bytes`
  return undefined
}
