import type { ClusterClient } from '../../cluster/client.ts'
import type { SecretReader } from '../../cluster/secrets.ts'
import type { CommitSettings } from '../../git/commit.ts'
import type { GitProgram } from '../../git/run-git.ts'
import { systemClock } from '../../registry/clock.ts'
import type { PullRequestService } from '../../rules/pull-request-service.ts'
import { cacheFolder } from '../../state/cache-folder.ts'
import { type EngineContext, registryFor } from '../context.ts'
import { type GitDoor, gitDoor } from './git-door.ts'
import type { RequestOptions } from './publish-request.ts'

/** How commits are made, as the operator's flags say. */
export interface GitOptions {
  /** Whose logins reach the repositories: those that Argo CD keeps, or the operator's own. */
  readonly credentials: 'argocd' | 'local'
  /** Hosts that the operator vouches for although they are this machine or speak plain http. */
  readonly allowedHosts: readonly string[]
  /** File with the operator's own commit message template; '' for none. */
  readonly messageFile: string
  readonly commit: CommitSettings
  /** Whether each Application gets a commit of its own, instead of all of a repository and branch one. */
  readonly perApplication: boolean
  /** The service where all that is committed goes by pull request, if its rule names none. */
  readonly pullRequest?: PullRequestService | undefined
  /** What the operator wants of pull requests. */
  readonly requests: Omit<RequestOptions, 'surroundings'>
}

export interface GitSurroundings {
  readonly allowCrossNamespaceSecrets: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly git: GitOptions
  readonly home: string
  readonly version: string
  readonly warn: (text: string) => void
}

/** Commits to the repositories of a cluster's Applications. Nothing is opened before the first commit or diff. */
export function openGit(
  { allowCrossNamespaceSecrets, env, git, home, version, warn }: GitSurroundings,
  cluster: ClusterClient,
  secrets: SecretReader,
  registries: Pick<EngineContext, 'registry' | 'scopeOf'>,
): GitDoor {
  return gitDoor({ alone: git.perApplication, pullRequest: git.pullRequest }, async () => {
    const [
      { GitWriteBack },
      { GitAccessFinder },
      { RepositoryReader },
      { GitHubAppTokens },
      { findGit },
      template,
    ] = await Promise.all([
      import('./git-write-back.ts'),
      import('../git-access.ts'),
      import('../../cluster/repositories.ts'),
      import('../../git/credentials/github-app-token.ts'),
      import('../../git/run-git.ts'),
      readTemplate(git.messageFile),
    ])
    let program: Promise<GitProgram> | undefined
    return new GitWriteBack({
      access: new GitAccessFinder({
        allowedHosts: git.allowedHosts,
        anyNamespace: allowCrossNamespaceSecrets,
        credentials: git.credentials,
        repositories: new RepositoryReader(cluster),
        secrets,
        tokens: new GitHubAppTokens({ env, now: Date.now, userAgent: `kubectl-image-updater/${version}` }),
      }),
      // Not before it is needed: a rejection that nobody awaits yet would end the process.
      change: async () => {
        program ??= findGit(env, process.platform)
        return { allowedHosts: git.allowedHosts, cacheFolder: cacheFolder(env, home), git: await program }
      },
      commit: git.commit,
      registryFor: (rule) => registryFor(registries, rule),
      requests: {
        ...git.requests,
        surroundings: {
          clock: systemClock,
          env,
          userAgent: `kubectl-image-updater/${version}`,
          vouchedHosts: git.allowedHosts,
        },
      },
      warn,
      ...(template && { template }),
    })
  })
}

async function readTemplate(file: string) {
  if (file === '') return undefined
  const { readCommitTemplateFile } = await import('./commit-template-file.ts')
  return readCommitTemplateFile(file)
}
