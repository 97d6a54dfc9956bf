import { UserError } from '../../lib/errors.ts'
import { formatPlatform } from '../../lib/image/platform.ts'
import { nearestWord } from '../../lib/nearest.ts'
import { previewChoice } from '../../lib/policy/preview.ts'
import { knownPlatform } from '../../lib/rules/build-rule.ts'
import { choiceSettings, readableFilters } from '../../lib/rules/choice-settings.ts'
import { type RuleAnswers, SETTING_KEYS, type Setting } from '../../lib/rules/rule-answers.ts'
import { writeAnnotations } from '../../lib/rules/write-annotations.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { askWithTags, OUTPUT, problemOf } from './choices.ts'
import type { RuleDraft, SettingQuestion } from './draft.ts'
import { list } from './flags.ts'

/** Asks for one setting, in the way that suits it. */
export async function askSetting(question: SettingQuestion, draft: RuleDraft): Promise<RuleAnswers[Setting]> {
  const { confirm, input } = await import('@inquirer/prompts')
  const { kind, meaning, setting } = question
  const message = `${SETTING_KEYS[setting]}: ${meaning}`
  const before = draft.answers[setting] ?? draft.written[setting]
  const text = Array.isArray(before) ? before.join(',') : typeof before === 'string' ? before : ''
  switch (kind) {
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
          ...(text !== '' && { default: text, prefill: 'editable' as const }),
          message,
          validate: (value) => validity(draft, { ...draft.answers, [setting]: value }),
        },
        OUTPUT,
      )
  }
}

/** What other settings do wrong is not said at this one. */
function validity({ application, answers }: RuleDraft, now: RuleAnswers): string | true {
  const problem = problemOf(() => writeAnnotations(application, now))
  return problem === problemOf(() => writeAnnotations(application, answers)) ? true : problem
}

async function askAboutTags(
  setting: Setting,
  message: string,
  before: string,
  { answers, atHand, written }: RuleDraft,
): Promise<string | readonly string[]> {
  const read = (text: string) => (setting === 'ignoreTags' ? (list(text) ?? []) : text)
  const others = { ...readableFilters(written), ...answers }
  const text = await askWithTags(
    {
      message,
      offered: [...(before === '' ? [] : [{ text: before, meaning: 'as it is' }]), { text: '', meaning: '' }],
      settings: (typed) => choiceSettings({ ...others, [setting]: read(typed) }),
    },
    atHand,
  )
  return read(text)
}

/** Offers what the image that would be chosen can run on. */
async function askPlatforms(message: string, before: string, draft: RuleDraft): Promise<string> {
  const offered = [...(before === '' ? [] : [before]), await platformsOfWinner(draft), ''].filter(
    (text, index, all) => all.indexOf(text) === index,
  )
  const settings = (platforms: string) => {
    for (const platform of list(platforms) ?? []) knownPlatform(platform)
    return choiceSettings({ ...readableFilters(draft.written), ...draft.answers })
  }
  return askWithTags(
    { message, offered: offered.map((text) => ({ text, meaning: '' })), settings },
    draft.atHand,
  )
}

/** '' where no tag can be told to win, or its registry does not tell. */
async function platformsOfWinner({ answers, atHand, image, registry, written }: RuleDraft): Promise<string> {
  const settings = choiceSettings({ ...readableFilters(written), ...answers })
  const { winner } = previewChoice(settings, atHand.tags ?? [], atHand.running, new Date())
  if (winner === undefined) return ''
  try {
    const { platforms } = await withProgress('Asking for its platforms', () =>
      registry.describe(image, winner, []),
    )
    const usable = platforms.filter(({ architecture, os }) => ![architecture, os].some(isNoPlatform))
    return [...new Set(usable.map(formatPlatform))].join(',')
  } catch (error) {
    if (error instanceof UserError) return ''
    throw error
  }
}

/** Offers the parameters that the Application sets; another name is taken with a remark, as a chart may know more. */
async function askHelmName(message: string, before: string, { targets }: RuleDraft): Promise<string> {
  const { chooseWhileTyping } = await import('./choose-while-typing.ts')
  const known = targets.helmParameters
  return chooseWhileTyping(
    {
      message,
      choicesFor: (typed) => {
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

/** Attestations in an index say `unknown`, and an image that says nothing has ''. */
function isNoPlatform(part: string): boolean {
  return part === '' || part === 'unknown'
}
