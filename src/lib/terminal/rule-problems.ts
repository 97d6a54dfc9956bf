import type { RuleOrigin, RuleProblem } from '../rules/update-rule.ts'

const NAMED_OBJECTS = 2

/**
 * Problems of rules, one line each: `argocd/shop: app.update-strategy "latest": …`. The same problem of
 * several Applications is told once.
 */
export function problemTexts(problems: readonly RuleProblem[]): string[] {
  const groups = Map.groupBy(problems, ({ key, value, problem, remedy }) => {
    const advice = remedy ? `. ${remedy}` : ''
    return `${key} ${JSON.stringify(value)}: ${problem}${advice}`
  })
  return [...groups].map(([text, same]) => {
    const objects = [...new Set(same.map(({ origin }) => carrier(origin)).filter((object) => object !== ''))]
    const more = objects.length - NAMED_OBJECTS
    const named = objects.slice(0, NAMED_OBJECTS).join(', ') + (more > 0 ? ` and ${more} more` : '')
    return named === '' ? text : `${named}: ${text}`
  })
}

/** An Application goes by its name alone, since that is what people ask about. */
function carrier({ kind, object }: RuleOrigin): string {
  return kind === 'image-updater' && object !== '' ? `ImageUpdater ${object}` : object
}
