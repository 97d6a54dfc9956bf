import { createStrategy } from '../policy/create-strategy.ts'
import type { Policy } from '../policy/select.ts'
import type { UpdateRule } from './update-rule.ts'

/** What decides between the tags of a rule's image. A rule was checked when it was read, so this does not fail. */
export function rulePolicy(rule: UpdateRule): Policy {
  const { filter, strategy, image, tagPattern } = rule
  const settings = { constraint: image.tag, ...(tagPattern !== undefined && { tagPattern }) }
  return { filter, strategy: createStrategy(strategy, settings) }
}
