import nodePath from 'node:path'
import { TargetError } from './target-error.ts'

const { posix } = nodePath

/** Linux and Windows; a longer one could not be checked out everywhere. */
const LONGEST = 1024
/** Characters that some file systems leave out of names, so that `.g\u200cit` is `.git` there. */
const IGNORED = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu
/**
 * Files that make a server or a clone run something. Whoever may annotate an Application must not be able
 * to put an image of their own into a build.
 */
const RUNS_PROGRAMS =
  /^(?:\.git.*|git~\d+|\.forgejo|\.circleci|\.woodpecker.*|\.drone\.ya?ml|\.travis\.yml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml)$/

/**
 * A path that someone wrote, as one from the root of the repository: `a/b.yaml`, `.` for the root. A leading
 * `/` means that root, anything else is relative to `base`.
 *
 * @param base a path that was read by this function
 * @throws TargetError when it leaves the repository, or leads to what git or a build server acts on
 */
export function repositoryPath(written: string, base = '.'): string {
  const why = faultOf(written)
  if (why !== undefined) throw refused(written, why)
  const joined = written.startsWith('/') ? `./${written}` : posix.join('.', base, written)
  const path = posix.normalize(joined).replace(/\/+$/, '') || '.'
  const segments = path.split('/')
  if (segments.includes('..')) throw refused(written, 'it leads out of the repository')
  const active = segments.find((segment) => RUNS_PROGRAMS.test(spelling(segment)))
  if (active !== undefined) {
    throw refused(written, `"${active}" belongs to git or to a build server`)
  }
  return path
}

/**
 * The last check before a file is opened, for whoever has the clone on disk: nothing on the way may be a
 * link, which could lead out of the repository or to a file that the path does not show.
 *
 * @param root the folder of the clone, links followed
 * @param real the file, links followed; where it does not exist yet its nearest folder that does, and the rest
 * @throws TargetError
 */
export function refuseLinked(
  root: string,
  path: string,
  real: string,
  { join, normalize }: Pick<typeof nodePath, 'join' | 'normalize'> = nodePath,
): void {
  if (normalize(real) !== join(root, repositoryPath(path))) {
    throw refused(path, 'it is a link, or is reached through one')
  }
}

function faultOf(text: string): string | undefined {
  if (text.length > LONGEST) return `it is longer than ${LONGEST} characters`
  if (/\p{Cc}/u.test(text)) return 'it holds a control character'
  if (text.includes('\\')) return 'it holds a backslash'
  if (/^[A-Za-z]:/.test(text)) return 'it begins with a drive'
  if (text.startsWith('//')) return 'it begins with two slashes'
  return undefined
}

function spelling(segment: string): string {
  return segment
    .replace(IGNORED, '')
    .toLowerCase()
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '')
}

function refused(written: string, why: string): TargetError {
  return new TargetError({
    code: 'path-refused',
    why: `the path ${JSON.stringify(written)} is refused: ${why}`,
    instead: 'Name a file inside the repository, with / between folders',
  })
}
