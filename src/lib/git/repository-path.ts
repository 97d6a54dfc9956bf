import { GitError } from './git-error.ts'
import { parseRepositoryUrl } from './repository-url.ts'

/**
 * Owner and name of a repository on GitHub or a server like it: the first two parts of the path.
 *
 * @throws GitError of kind `url`
 */
export function githubRepository(url: string): { owner: string; repo: string } {
  const [owner, repo] = pathParts(url)
  if (owner === undefined || repo === undefined) throw incomplete(url, 'owner/name')
  return { owner, repo }
}

/**
 * The project of a repository on GitLab: groups, subgroups and name.
 *
 * @throws GitError of kind `url`
 */
export function gitlabProject(url: string): string {
  const parts = pathParts(url)
  if (parts.length < 2) throw incomplete(url, 'group/name')
  return parts.join('/')
}

function pathParts(url: string): string[] {
  const { path } = parseRepositoryUrl(url)
  return path
    .replace(/\.git$/i, '')
    .split('/')
    .filter(Boolean)
}

function incomplete(url: string, shape: string): GitError {
  return new GitError('url', `the repository URL ${url} does not end in ${shape}`, 'Give the whole URL')
}
