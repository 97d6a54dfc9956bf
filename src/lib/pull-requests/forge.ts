import type { MarkerStyle } from './marker.ts'
import type { MergeMethod, PullRequest, PullRequestSpec } from './pull-request.ts'
import type { TextLimits } from './service-text.ts'

/** Title and body as they are sent: shortened, and with the marker. */
export type WrittenText = Pick<PullRequestSpec, 'title' | 'body'>

/** What is known when a pull request is opened; the rest of its settings is a step each. */
export type NewPullRequest = WrittenText & Pick<PullRequestSpec, 'head' | 'base' | 'draft'>

/** A pull request and what could not be had with it, one line each. */
export interface Opened {
  readonly pullRequest: PullRequest
  readonly notes: readonly string[]
}

/** The steps of one service, for one repository, each in the service's own way. All throw PullRequestError. */
export interface Forge {
  readonly name: string
  readonly limits: TextLimits
  readonly marker: MarkerStyle
  /** Whether a list shows bodies and labels in full, or only enough to find the marker. */
  readonly listed: 'whole' | 'in-part'
  listOpen(): Promise<readonly PullRequest[]>
  read(number: number): Promise<PullRequest>
  /** @throws PullRequestError of kind `conflict` or `validation` when there is one already */
  create(wanted: NewPullRequest): Promise<Opened>
  edit(found: PullRequest, text: WrittenText): Promise<void>
  /** A title as the service can have it, where not all titles will do. */
  readonly spellTitle?: (title: string) => string
  /** A label's name as the service can have it, where not all names will do. */
  readonly spellLabel?: (label: string) => string
  /** Adds labels, those that the repository does not know yet as well. Undefined where there are none. */
  readonly addLabels: ((found: PullRequest, labels: readonly string[]) => Promise<void>) | undefined
  /** @returns who could not be asked, one line each */
  requestReviews(found: PullRequest, reviewers: readonly string[]): Promise<readonly string[]>
  /** Undefined where the API cannot do it. @returns what to tell about it, '' when it is set. */
  readonly enableAutoMerge: ((found: PullRequest, method: MergeMethod) => Promise<string>) | undefined
  comment(found: PullRequest, text: string): Promise<void>
  close(found: PullRequest): Promise<void>
  /** Ends its connections. */
  disconnect(): Promise<void>
}
