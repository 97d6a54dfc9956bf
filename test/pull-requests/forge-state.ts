/** A pull request as a double keeps it, in nobody's shape. */
export interface StoredPullRequest {
  readonly number: number
  open: boolean
  readonly head: string
  readonly base: string
  title: string
  body: string
  labels: string[]
  reviewers: string[]
  readonly draft: boolean
  /** The merge method, '' when people merge. */
  autoMerge: string
  readonly fork: boolean
  readonly comments: string[]
}

/** What a double knows of its one repository. */
export interface ForgeState {
  readonly pulls: StoredPullRequest[]
  /** Names of labels with their numbers, for services that have such. */
  readonly labels: Map<string, number>
  /** Whether drafts and auto-merge are allowed in the repository, and whether anything checks its commits. */
  drafts: boolean
  autoMerge: boolean
  checks: boolean
}

export function emptyState(): ForgeState {
  return { pulls: [], labels: new Map([['bug', 1]]), drafts: true, autoMerge: true, checks: true }
}

export function addPull(
  state: ForgeState,
  given: Partial<StoredPullRequest> & Pick<StoredPullRequest, 'head'>,
): StoredPullRequest {
  const pull: StoredPullRequest = {
    number: state.pulls.length + 1,
    open: true,
    base: 'main',
    title: 'A change',
    body: '',
    labels: [],
    reviewers: [],
    draft: false,
    autoMerge: '',
    fork: false,
    comments: [],
    ...given,
  }
  state.pulls.push(pull)
  return pull
}

export function openPull(state: ForgeState, head: string, base: string): StoredPullRequest | undefined {
  return state.pulls.find((pull) => pull.open && !pull.fork && pull.head === head && pull.base === base)
}
