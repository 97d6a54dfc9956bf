import { nearestWord } from '../nearest.ts'
import { ValueError } from './values.ts'

/** Services whose pull requests are known. */
export const PULL_REQUEST_SERVICES = ['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket', 'azure'] as const
export type PullRequestService = (typeof PULL_REQUEST_SERVICES)[number]

/** The name of a service, in any case. @throws ValueError */
export function parsePullRequestService(text: string): PullRequestService {
  const word = text.toLowerCase()
  const known = PULL_REQUEST_SERVICES.find((service) => service === word)
  if (known) return known
  const near = nearestWord(word, PULL_REQUEST_SERVICES)
  throw new ValueError(
    `"${text}" is no service with pull requests that is known`,
    `Write ${near ?? `one of ${PULL_REQUEST_SERVICES.join(', ')}`}`,
  )
}
