const NO_HEADLINE = 'Update container image versions'

/**
 * A commit message in the two parts that the API of GitHub takes. An empty message gets a headline, which
 * a commit must have.
 */
export function splitCommitMessage(text: string): { readonly headline: string; readonly body: string } {
  const [first = '', ...rest] = text.trim().split('\n')
  return { headline: first.trimEnd() || NO_HEADLINE, body: rest.join('\n').replace(/^\n+/, '') }
}
