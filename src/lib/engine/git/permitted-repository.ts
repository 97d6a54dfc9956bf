import { ObjectField } from '../../application/object-field.ts'
import type { ProjectRead } from '../../cluster/projects.ts'
import { normalizeRepositoryUrl } from '../../git/repository-url.ts'
import { matchesProjectGlob } from '../../windows/project-glob.ts'
import { sameGitRepository } from '../../writeback/git/repository-url.ts'

/**
 * Why nothing is written to a repository that the Application does not deploy from; '' where it may be.
 *
 * Whoever may annotate an Application could name any repository that Argo CD has a login for. So it must be one
 * that the AppProject lets its Applications deploy from: `spec.sourceRepos`, where every entry with a `!` must not
 * match and one without must (IsSourcePermitted of Argo CD).
 *
 * @param own repositories of the Application's sources
 * @param read undefined where there is no cluster to ask
 * @throws MalformedFieldError naming the field of the AppProject that has the wrong shape
 */
export function repositoryProblem(
  url: string,
  own: readonly string[],
  read: ProjectRead | undefined,
): string {
  if (own.some((each) => sameGitRepository(each, url))) return ''
  const subject = `git-repository ${url} is none that the Application deploys from`
  if (read === undefined) return ''
  if ('problem' in read) return `${subject}, and its AppProject cannot be read: ${read.problem.problem}`
  const { name } = read.project.metadata
  const entries = new ObjectField(`appproject "${name}"`, read.project)
    .member('spec')
    .member('sourceRepos')
    .items()
    .map((entry) => entry.text())
  return isPermitted(entries, url)
    ? ''
    : `${subject}, and sourceRepos of AppProject "${name}" does not permit it`
}

function isPermitted(entries: readonly string[], url: string): boolean {
  const subject = normalizeRepositoryUrl(url)
  const allowed = entries.filter((entry) => !entry.startsWith('!'))
  const denied = entries.filter((entry) => entry.startsWith('!')).map((entry) => entry.slice(1))
  const matches = (entry: string) => matchesProjectGlob([normalized(entry)], subject)
  return allowed.some(matches) && !denied.some(matches)
}

/** Of a glob as far as it is a URL; `*` and `https://*` are none. */
function normalized(entry: string): string {
  return entry === '*'
    ? entry
    : entry
        .trim()
        .toLowerCase()
        .replace(/\/+$/, '')
        .replace(/\.git$/, '')
}
