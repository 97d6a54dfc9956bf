import { BITBUCKET_CLOUD, type RepositoryPlace } from './choose-provider.ts'
import type { PullRequestCredential } from './credential.ts'
import type { Forge } from './forge.ts'
import { providerOver } from './publish.ts'
import type { PullRequestProvider } from './pull-request.ts'
import type { PullRequestSurroundings } from './surroundings.ts'

/**
 * Opens the pull requests of one repository. Nothing is sent yet.
 *
 * @throws PullRequestError of kind `refused` when the credential belongs to another host, or would be sent
 * over plain http or to an address where no such service is.
 */
export async function openPullRequests(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<PullRequestProvider> {
  return providerOver(await openForge(place, credential, surroundings))
}

async function openForge(
  place: RepositoryPlace,
  credential: PullRequestCredential,
  surroundings: PullRequestSurroundings,
): Promise<Forge> {
  switch (place.provider) {
    case 'github':
      return (await import('./github.ts')).openGithub(place, credential, surroundings)
    case 'gitlab':
      return (await import('./gitlab.ts')).openGitlab(place, credential, surroundings)
    case 'gitea':
    case 'forgejo':
      return (await import('./gitea.ts')).openGitea(place, credential, surroundings)
    case 'bitbucket':
      if (place.host !== BITBUCKET_CLOUD) {
        const { openBitbucketDataCenter } = await import('./bitbucket-data-center.ts')
        return openBitbucketDataCenter(place, credential, surroundings)
      }
      return (await import('./bitbucket.ts')).openBitbucket(place, credential, surroundings)
    case 'azure':
      return (await import('./azure-devops.ts')).openAzureDevops(place, credential, surroundings)
  }
}
