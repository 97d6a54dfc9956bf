import type { Forge } from './forge.ts'
import { missingLabels } from './labels.ts'
import type { PullRequest, PullRequestSpec } from './pull-request.ts'
import { PullRequestError } from './pull-request-error.ts'

/** What happened to a pull request just before. */
export interface Changed {
  readonly opened: boolean
  readonly edited: boolean
}

/**
 * Labels, reviewers and auto-merge, each a step that may fail without the others. Missing labels are always
 * added; reviewers are asked only at opening, since whoever has reviewed is no longer shown as asked; and
 * auto-merge is set with a new text too, since services drop it when something is pushed.
 *
 * @returns whether labels were added, and what could not be done, one line each
 */
export async function settle(
  forge: Forge,
  pullRequest: PullRequest,
  spec: PullRequestSpec,
  { opened, edited }: Changed,
): Promise<{ readonly labelled: boolean; readonly notes: readonly string[] }> {
  const notes: string[] = []
  const trying = async (failing: string, step: () => Promise<readonly string[]>) => {
    try {
      notes.push(...(await step()))
    } catch (error) {
      if (!(error instanceof PullRequestError)) throw error
      notes.push(`${failing}: ${error.message}`)
    }
  }
  let labelled = false
  const { spellLabel } = forge
  const wanted = spellLabel ? spec.labels.map(spellLabel) : spec.labels
  const labels = missingLabels(wanted, pullRequest.labels)
  if (labels.length > 0) {
    await trying('labels are not set', async () => {
      if (forge.addLabels === undefined) return [`${forge.name} has no labels for pull requests`]
      await forge.addLabels(pullRequest, labels)
      labelled = true
      return []
    })
  }
  if (opened && spec.reviewers.length > 0) {
    const reviewers = [...new Set(spec.reviewers)]
    await trying('reviews are not requested', () => forge.requestReviews(pullRequest, reviewers))
  }
  if ((opened || edited) && spec.autoMerge !== 'off' && !pullRequest.autoMerge) {
    const failing = 'auto-merge is not set'
    await trying(failing, async () => {
      const told = await enableAutoMerge(forge, pullRequest, spec)
      return told === '' ? [] : [`${failing}: ${told}`]
    })
  }
  return { labelled, notes }
}

async function enableAutoMerge(
  forge: Forge,
  pullRequest: PullRequest,
  { autoMerge }: PullRequestSpec,
): Promise<string> {
  if (autoMerge === 'off') return ''
  if (pullRequest.draft) return 'it is a draft'
  if (forge.enableAutoMerge === undefined) return `the API of ${forge.name} has no way to do it`
  return forge.enableAutoMerge(pullRequest, autoMerge)
}
