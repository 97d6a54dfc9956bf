import { formatImageReference } from '../../image/reference.ts'
import { type SettingName, TARGET_SETTINGS } from '../../rules/annotation-keys.ts'
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
  const { field } = rule.origin
  const key = field === undefined ? 'image-list' : `${field}.imageName`
  return { origin: rule.origin, alias: rule.alias, key, value, ...told }
}

/** What a setting of this rule is called where the rule is written. */
export function keyOf({ alias, origin }: UpdateRule, setting: SettingName): string {
  const { field } = origin
  if (field !== undefined) return isTarget(setting) ? `${field}.manifestTargets` : field
  return alias === '' ? setting : `${alias}.${setting}`
}

function isTarget(setting: SettingName): boolean {
  return TARGET_SETTINGS.some((target) => target === setting)
}
