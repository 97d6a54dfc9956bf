import { createStrategy } from '../policy/create-strategy.ts'
import { listedOrder } from '../policy/listed-order.ts'
import type { Policy } from '../policy/select.ts'
import { decliningTags } from '../policy/tag-filter.ts'
import type { UpdateRule } from './update-rule.ts'

/**
 * What decides between the tags of a rule's image. A rule was checked when it was read, so this does not fail.
 *
 * @param order what the operator says that the order of the registry's listing means
 */
export function rulePolicy(rule: UpdateRule, order?: 'latest-first' | 'latest-last'): Policy {
  const { controls, strategy, image, tagPattern } = rule
  const declined = controls.skips.filter(({ digest }) => digest === '').map(({ tag }) => tag)
  const filter = decliningTags(rule.filter, declined)
  if (order !== undefined && strategy === 'newest-build') {
    return { filter, strategy: listedOrder(order, tagPattern) }
  }
  const settings = { constraint: image.tag, ...(tagPattern !== undefined && { tagPattern }) }
  return { filter, strategy: createStrategy(strategy, settings) }
}
