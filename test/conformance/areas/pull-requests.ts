import { graphqlEndpoint } from '../../../src/lib/pull-requests/choose-provider.ts'
import { tidyLabels } from '../../../src/lib/pull-requests/labels.ts'
import { PullRequestError } from '../../../src/lib/pull-requests/pull-request-error.ts'
import { pullRequestText } from '../../../src/lib/pull-requests/pull-request-text.ts'
import {
  ownerAndName,
  parseRepositoryAddress,
  projectPath,
} from '../../../src/lib/pull-requests/repository-address.ts'

interface TextCase {
  readonly appNamespace: string
  readonly appName: string
  readonly baseBranch: string
  readonly headBranch: string
  readonly commitMessage: string
  readonly labels?: readonly string[]
}

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

  'pull-request': (input) => {
    const { appNamespace, appName, baseBranch, headBranch, commitMessage, labels } = input as TextCase
    const { title, body } = pullRequestText(commitMessage, { namespace: appNamespace, application: appName })
    return { title, body, base: baseBranch, head: headBranch, labels: labels && tidyLabels(labels) }
  },

  'pr-labels': (input) => tidyLabels(input as string[]),
}

function refusing(reason: string, answer: () => unknown): unknown {
  try {
    return answer()
  } catch (error) {
    if (error instanceof PullRequestError) return { error: true, reason }
    throw error
  }
}
