import { graphqlEndpoint } from '../../../src/lib/pull-requests/choose-provider.ts'
import { PullRequestError } from '../../../src/lib/pull-requests/pull-request-error.ts'
import {
  ownerAndName,
  parseRepositoryAddress,
  projectPath,
} from '../../../src/lib/pull-requests/repository-address.ts'

/** The cases of each area about pull requests: each adapter only translates shapes. */
export const areas: Record<string, (input: unknown) => unknown> = {
  'github-repo-url': (input) =>
    refusing('no-owner-repo-path', () => {
      const { owner, name } = ownerAndName(parseRepositoryAddress(input as string).path)
      return { owner, repo: name }
    }),

  'gitlab-repo-url': (input) =>
    refusing('no-project-path', () => ({
      project: projectPath(parseRepositoryAddress(input as string).path),
    })),

  'github-graphql-endpoint': (input) => graphqlEndpoint(input as string),
}

function refusing(reason: string, answer: () => unknown): unknown {
  try {
    return answer()
  } catch (error) {
    if (error instanceof PullRequestError) return { error: true, reason }
    throw error
  }
}
