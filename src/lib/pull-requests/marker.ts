/**
 * The first line of every pull request's body: it names the target and shows nothing. `reference` is for
 * services that print HTML comments as text; a link definition that nothing refers to is hidden there.
 *
 * It is the first line because Azure DevOps cuts descriptions in lists after 400 characters, and because
 * text from outside, which comes further below, cannot forge it there.
 */
export type MarkerStyle = 'comment' | 'reference'

const COMMENT = /^<!-- kubectl-image-updater target=(\S+) -->[ \t]*(?:\r?\n|$)/
const REFERENCE = /^\[\/\/\]: # \(kubectl-image-updater target=(\S+)\)[ \t]*(?:\r?\n|$)/

export function markedBody(body: string, targetKey: string, style: MarkerStyle): string {
  const name = `kubectl-image-updater target=${encoded(targetKey)}`
  const line = style === 'comment' ? `<!-- ${name} -->` : `[//]: # (${name})`
  return `${line}\n\n${body}`
}

/** The target that the body's first line names, undefined for a pull request of somebody else. */
export function markedTarget(body: string): string | undefined {
  const found = COMMENT.exec(body) ?? REFERENCE.exec(body)
  if (found?.[1] === undefined) return undefined
  try {
    return decodeURIComponent(found[1])
  } catch {
    return undefined
  }
}

/** Without what would end a comment or a link definition. */
function encoded(targetKey: string): string {
  return encodeURIComponent(targetKey).replace(
    /[-()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
