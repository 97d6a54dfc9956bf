import { UserError } from '../errors.ts'
import { createStrategy } from '../policy/create-strategy.ts'
import type { ChoiceSettings } from '../policy/preview.ts'
import { readStrategyName } from '../policy/strategy-name.ts'
import { createTagFilter } from '../policy/tag-filter.ts'
import type { RuleAnswers } from './rule-answers.ts'

type Choice = Pick<
  RuleAnswers,
  'strategy' | 'constraint' | 'tagFilter' | 'allowTags' | 'ignoreTags' | 'tagPattern'
>

/** Those of the answers that decide between tags. */
export function choiceSettings(answers: Partial<Choice>): ChoiceSettings {
  const { allowTags, constraint, ignoreTags, tagFilter, tagPattern } = answers
  return {
    strategy: readStrategyName(answers.strategy ?? '').name,
    ...(allowTags !== undefined && { allowTags }),
    ...(constraint !== undefined && { constraint }),
    ...(ignoreTags !== undefined && { ignoreTags }),
    ...(tagFilter !== undefined && { imageTagFilter: tagFilter }),
    ...(tagPattern !== undefined && { tagPattern }),
  }
}

/** The settings that decide by names alone and can be read: one that cannot must not keep others from being tried. */
export function readableFilters(answers: Partial<RuleAnswers>): Partial<Choice> {
  const { allowTags, ignoreTags, tagFilter, tagPattern } = answers
  const each: Partial<Choice>[] = [
    ...(allowTags === undefined ? [] : [{ allowTags }]),
    ...(ignoreTags === undefined ? [] : [{ ignoreTags }]),
    ...(tagFilter === undefined ? [] : [{ tagFilter }]),
    ...(tagPattern === undefined ? [] : [{ tagPattern }]),
  ]
  return Object.assign({}, ...each.filter(isReadable))
}

function isReadable(answers: Partial<Choice>): boolean {
  try {
    const settings = choiceSettings(answers)
    createTagFilter(settings)
    createStrategy('alphabetical', settings)
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}
