import { UserError } from '../errors.ts'
import type { ReadSetting } from './controls.ts'
import { codeOfValueError } from './lint/error-code.ts'
import type { LintCode } from './lint/lint-code.ts'
import type { RuleProblem } from './update-rule.ts'
import type { WrittenSetting, WrittenSettings } from './written-settings.ts'

/** What is wrong with one setting, before it is known whose it is. */
export type SettingProblem = Pick<RuleProblem, 'severity' | 'code' | 'key' | 'value' | 'problem' | 'remedy'>

/** A reader of single settings that records in `found` what cannot be read. */
export function readingOf(settings: WrittenSettings, found: SettingProblem[]): ReadSetting {
  return (name, parse, otherwise) => attempt(settings.get(name), parse, otherwise, found)
}

/** What `parse` makes of a setting; `otherwise` when it is absent or wrong, which is then recorded. */
export function attempt<T>(
  setting: WrittenSetting | undefined,
  parse: (text: string, setting: WrittenSetting) => T,
  otherwise: T,
  found: SettingProblem[],
): T {
  if (setting === undefined) return otherwise
  try {
    return parse(setting.text, setting)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    found.push(fail(codeOfValueError(error), setting, error.message, error.remedy))
    return otherwise
  }
}

/** The setting cannot be used: there is no rule. */
export function fail(
  code: LintCode,
  { key, text }: WrittenSetting,
  problem: string,
  remedy: string,
): SettingProblem {
  return { severity: 'error', code, key, value: text, problem, remedy }
}

/** The setting is used, and a person should know something about it. */
export function warn(
  code: LintCode,
  { key, text }: WrittenSetting,
  problem: string,
  remedy: string,
): SettingProblem {
  return { severity: 'warning', code, key, value: text, problem, remedy }
}
