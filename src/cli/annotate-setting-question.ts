import { UserError } from '../lib/errors.ts'
import { formatPlatform } from '../lib/image/platform.ts'
import { type ChoiceSettings, previewChoice } from '../lib/policy/preview.ts'
import { readStrategyName } from '../lib/policy/strategy-name.ts'
import { nearestWord } from '../lib/rules/nearest.ts'
import { type RuleAnswers, writeAnnotations } from '../lib/rules/write-annotations.ts'
import { printable } from '../lib/terminal/escape.ts'
import { withProgress } from '../lib/terminal/progress.ts'
import { askWithTags, OUTPUT, problemOf } from './annotate-choices.ts'
import type { Answer, RuleDraft, Setting } from './annotate-draft.ts'
import { list } from './annotate-flags.ts'

/** Asks for one setting, in the way that suits it. */
export async function askSetting(setting: Setting, draft: RuleDraft): Promise<RuleAnswers[Answer]> {
  const { confirm, input } = await import('@inquirer/prompts')
  const message = `${setting.key}: ${setting.meaning}`
  const before = draft.answers[setting.answer]
  const text = Array.isArray(before) ? before.join(',') : typeof before === 'string' ? before : ''
  switch (setting.kind) {
    case 'yes-no':
      return confirm({ default: before === true, message }, OUTPUT)
    case 'tags':
      return askAboutTags(setting, `${message} (empty for none)`, text, draft)
    case 'platforms':
      return list(await askPlatforms(`${message} (empty for any)`, text, draft))
    case 'helm':
      return askHelmName(`${message} (empty for the usual name)`, text, draft)
    default:
      return input(
        {
          default: text,
          message,
          prefill: 'editable',
          validate: (value) =>
            problemOf(() =>
              writeAnnotations(draft.application, { ...draft.answers, [setting.answer]: value }),
            ),
        },
        OUTPUT,
      )
  }
}

async function askAboutTags(
  { answer }: Setting,
  message: string,
  before: string,
  { answers, atHand }: RuleDraft,
): Promise<string | string[]> {
  const read = (text: string) => (answer === 'ignoreTags' ? list(text) : text)
  const text = await askWithTags(
    {
      message,
      offered: [...(before === '' ? [] : [{ text: before, meaning: 'as it is' }]), { text: '', meaning: '' }],
      settings: (typed) => choiceSettings({ ...answers, [answer]: read(typed) }),
    },
    atHand,
  )
  return read(text) ?? ''
}

/** Offers what the image that would be chosen can run on. */
async function askPlatforms(message: string, before: string, draft: RuleDraft): Promise<string> {
  const offered = [before, await platformsOfWinner(draft), ''].filter(
    (text, index, all) => all.indexOf(text) === index,
  )
  const settings = (platforms: string) => {
    writeAnnotations(draft.application, { ...draft.answers, platforms: list(platforms) ?? [] })
    return choiceSettings(draft.answers)
  }
  return askWithTags(
    { message, offered: offered.map((text) => ({ text, meaning: '' })), settings },
    draft.atHand,
  )
}

/** '' where no tag can be told to win, or its registry does not tell. */
async function platformsOfWinner({ answers, atHand, image, registry }: RuleDraft): Promise<string> {
  const { winner } = previewChoice(choiceSettings(answers), atHand.tags ?? [], atHand.running, new Date())
  if (winner === undefined) return ''
  try {
    const { platforms } = await withProgress('Asking for its platforms', () =>
      registry.describe(image, winner, []),
    )
    return [...new Set(platforms.map(formatPlatform))].join(',')
  } catch (error) {
    if (error instanceof UserError) return ''
    throw error
  }
}

/** Offers the parameters that the Application sets; another name is taken with a remark, as a chart may know more. */
async function askHelmName(message: string, before: string, { targets }: RuleDraft): Promise<string> {
  const { search } = await import('@inquirer/prompts')
  const known = targets.helmParameters
  return search(
    {
      message,
      source: (typed = '') => {
        const matching = known.filter((name) => name.includes(typed))
        const others = typed === '' ? [before, ''] : [typed]
        return [
          ...matching,
          ...others.filter((name, index) => !matching.includes(name) && others.indexOf(name) === index),
        ].map((name) => ({
          description: printable(helmRemark(name, known)),
          name: printable(name) || 'none',
          value: name,
        }))
      },
    },
    OUTPUT,
  )
}

function helmRemark(name: string, known: readonly string[]): string {
  if (name === '' || known.length === 0) return ''
  if (known.includes(name)) return 'the Application sets it'
  const near = nearestWord(name, known)
  return `the Application sets no such parameter${near === undefined ? '' : `; ${near} is near`}`
}

function choiceSettings(answers: RuleAnswers): ChoiceSettings {
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
