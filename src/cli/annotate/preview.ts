import { registryFor } from '../../lib/engine/context.ts'
import { scan } from '../../lib/engine/scan.ts'
import { UserError } from '../../lib/errors.ts'
import { repositoryName } from '../../lib/image/reference.ts'
import type { UpdateRule } from '../../lib/rules/update-rule.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import type { Session } from '../session/session.ts'

/** What the rule, once written, would choose right now: one line. */
export async function previewLine(session: Session, rule: UpdateRule): Promise<string> {
  try {
    const { winner, listed, verdicts } = await withProgress('Asking the registry', () =>
      scan(registryFor(session.engine, rule), rule, session.engine.now()),
    )
    const left = verdicts.filter(({ outcome }) => outcome !== 'dropped').length
    const chosen = winner ? `chooses ${winner.tag}` : 'chooses nothing'
    return printable(
      `Right now this rule ${chosen}: ${listed} tags in ${repositoryName(rule.image)}, ${left} left by the rule.`,
    )
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return printable(`What the rule would choose cannot be told: ${error.message}`)
  }
}
