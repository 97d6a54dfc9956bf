import { formatImageReference } from '../../image/reference.ts'
import type { SettingName } from '../../rules/annotation-keys.ts'
import type { LintFinding } from '../../rules/lint/finding.ts'
import type { UpdateRule } from '../../rules/update-rule.ts'

type Told = Pick<LintFinding, 'severity' | 'code' | 'problem' | 'remedy'>

/** A finding about one setting of a rule that could be read. */
export function settingFinding(
  rule: UpdateRule,
  setting: SettingName,
  value: string,
  told: Told,
): LintFinding {
  return { origin: rule.origin, alias: rule.alias, key: keyOf(rule, setting), value, ...told }
}

/** A finding about the image of a rule and its constraint. */
export function imageFinding(rule: UpdateRule, told: Told): LintFinding {
  const reference = formatImageReference(rule.image)
  const value = rule.alias === '' ? reference : `${rule.alias}=${reference}`
  const key = rule.origin.kind === 'image-updater' ? rule.origin.object : 'image-list'
  return { origin: rule.origin, alias: rule.alias, key, value, ...told }
}

/** What a setting of this rule is called where the rule is written. */
export function keyOf({ alias, origin }: UpdateRule, setting: SettingName): string {
  if (origin.kind === 'image-updater' || alias === '') return setting
  return `${alias}.${setting}`
}
