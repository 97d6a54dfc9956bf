/** How an open pull request is merged by the service itself once its checks pass; `off` leaves that to people. */
export type AutoMerge = 'off' | MergeMethod

export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** What a pull request shall look like. */
export interface PullRequestSpec {
  /** Names of branches of one and the same repository, without `refs/heads/`. */
  readonly head: string
  readonly base: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  readonly labels: readonly string[]
  /** As the service names them: logins, `org/team` at GitHub, UUIDs or nicknames at Bitbucket, addresses at Azure DevOps. */
  readonly reviewers: readonly string[]
  readonly draft: boolean
  readonly autoMerge: AutoMerge
  /** Names what is written to. Of all open pull requests with the same key only the newest is of use. */
  readonly targetKey: string
}

/** A pull request as the service shows it. Texts are raw. */
export interface PullRequest {
  readonly number: number
  /** For people, in a browser. */
  readonly url: string
  readonly open: boolean
  readonly head: string
  readonly base: string
  /** Without the prefix by which GitLab and Gitea know a draft. */
  readonly title: string
  readonly body: string
  readonly labels: readonly string[]
  readonly draft: boolean
  /** Whether the service will merge it by itself. */
  readonly autoMerge: boolean
  /** Whether its branch is in the repository itself, and not in a fork, where anybody may write. */
  readonly ownBranch: boolean
  /** What a service needs besides the number: the node ID at GitHub, the commit at Gitea; '' elsewhere. */
  readonly id: string
}

export interface PublishedPullRequest {
  readonly url: string
  readonly number: number
  readonly outcome: 'opened' | 'updated' | 'unchanged'
  /** Other open pull requests for the same target, which this one replaces. */
  readonly superseded: readonly PullRequest[]
  /** What was wished for and could not be done, one line each; the pull request is there all the same. */
  readonly notes: readonly string[]
}

export interface ClosedPullRequest {
  readonly number: number
  readonly outcome: 'closed' | 'already-closed'
}

/** The pull requests of one repository at one service. All methods throw PullRequestError. */
export interface PullRequestProvider {
  /** `GitHub (ghe.example.com)`, for messages. */
  readonly name: string
  /**
   * The open pull request from `head` into `base`, or else one that carries the marker of the target: its
   * branch has another name, and pushing there continues it.
   */
  findOpen(spec: Pick<PullRequestSpec, 'head' | 'base' | 'targetKey'>): Promise<PullRequest | undefined>
  /**
   * Opens a pull request from `head` into `base`, or brings title, body and labels of the open one up to
   * date. Nothing is written where nothing differs. Reviewers and draft are settled at opening, auto-merge
   * also with a new title or body: what people change later stays.
   */
  openOrUpdate(spec: PullRequestSpec): Promise<PublishedPullRequest>
  /** Comments and closes pull requests that this program opened; those closed already are left alone. */
  closeSuperseded(numbers: readonly number[], comment: string): Promise<readonly ClosedPullRequest[]>
  /** Ends its connections. */
  close(): Promise<void>
}
