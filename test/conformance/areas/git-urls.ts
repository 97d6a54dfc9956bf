import { GitError } from '../../../src/lib/git/git-error.ts'
import { githubRepository, gitlabProject } from '../../../src/lib/git/repository-path.ts'
import {
  isSshUrl,
  normalizeRepositoryUrl,
  sameRepositoryUrl,
  sshHostAndPort,
  sshUser,
} from '../../../src/lib/git/repository-url.ts'

/** The cases about URLs of git repositories. */
export const areas: Record<string, (input: unknown) => unknown> = {
  'git-url-is-ssh': (input) => isSshUrl(input as string),
  'git-url-normalize': (input) => normalizeRepositoryUrl(input as string),
  'git-url-same': (input) => {
    const { a, b } = input as { a: string; b: string }
    return sameRepositoryUrl(a, b)
  },
  'git-url-ssh-host-port': (input) => sshHostAndPort(input as string),
  'git-url-ssh-user': (input) => sshUser(input as string),
  'github-repo-url': (input) => orRefusal(() => githubRepository(input as string)),
  'gitlab-repo-url': (input) => orRefusal(() => ({ project: gitlabProject(input as string) })),
}

function orRefusal(work: () => object): object {
  try {
    return work()
  } catch (error) {
    if (error instanceof GitError) return { error: true, reason: 'no-owner-repo-path' }
    throw error
  }
}
