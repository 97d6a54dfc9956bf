import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const PEOPLE = { GIT_AUTHOR_NAME: 'Else', GIT_AUTHOR_EMAIL: 'else@example.com' }
const CLEAN = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  ...PEOPLE,
  GIT_COMMITTER_NAME: PEOPLE.GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: PEOPLE.GIT_AUTHOR_EMAIL,
}

/** git as somebody else runs it, for what tests prepare and look at. @returns its trimmed output */
export async function git(
  folder: string,
  ...given: [{ env: Record<string, string> } | string, ...string[]]
): Promise<string> {
  const [first, ...rest] = given
  const env = typeof first === 'string' ? {} : first.env
  const args = typeof first === 'string' ? [first, ...rest] : rest
  const { stdout } = await promisify(execFile)('git', args, { cwd: folder, env: { ...CLEAN, ...env } })
  return stdout.trim()
}
