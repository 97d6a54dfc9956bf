import type { ImageReference } from '../../lib/image/reference.ts'
import { readStrategyName, STRATEGY_NAMES, type StrategyName } from '../../lib/policy/strategy-name.ts'
import { choiceSettings, readableFilters } from '../../lib/rules/choice-settings.ts'
import type { RuleAnswers } from '../../lib/rules/rule-answers.ts'
import type { RuleSuggestion } from '../../lib/rules/suggest-rule.ts'
import { printableLines } from '../../lib/terminal/escape.ts'
import { parseVersion } from '../../lib/version/version.ts'
import { askWithTags, type OfferedAnswer, OUTPUT, type TagsAtHand } from './choices.ts'

const STRATEGY_WORDS: Readonly<Record<StrategyName, string>> = {
  semver: 'the highest version, within a range if you like',
  'newest-build': 'the tag pushed (or built) last; follows a tag that moves',
  alphabetical: 'the last in text order, for dates and counters in names',
  digest: 'one tag, whatever it points to',
}

/** What is known before it is asked which tag is to be chosen. */
export interface TagScene {
  readonly atHand: TagsAtHand
  /** With the tag that runs. */
  readonly image: ImageReference
  /** The likeliest first. */
  readonly suggestions: readonly RuleSuggestion[]
  /** What the annotations say already. */
  readonly written: Partial<RuleAnswers>
}

/** Which tag is to be chosen: strategy, constraint, filter, and a tag-pattern where one is suggested. */
export async function askChoice(
  scene: TagScene,
): Promise<Pick<RuleAnswers, 'strategy' | 'constraint' | 'tagFilter' | 'tagPattern'>> {
  const strategy = await askStrategy(scene)
  const suggested = scene.suggestions.find((suggestion) => suggestion.strategy === strategy)
  const start: Scene = { ...scene, chosen: { ...readableFilters(scene.written), strategy }, suggested }
  const tagPattern = suggested?.tagPattern ? await askTagPattern(start, suggested) : undefined
  const patterned = tagPattern === undefined ? start : answered(start, { tagPattern })
  const constraint = await askConstraint(patterned)
  const tagFilter = strategy === 'digest' ? '' : await askFilter(answered(patterned, { constraint }))
  return { strategy, constraint, tagFilter, ...(tagPattern !== undefined && { tagPattern }) }
}

/** Each with what it means and, where it is suggested, why; what is written already or suggested first is the default. */
async function askStrategy({ image, suggestions, written }: TagScene): Promise<StrategyName> {
  const { select } = await import('@inquirer/prompts')
  const usual = suggestions[0]?.strategy ?? (parseVersion(image.tag) ? 'semver' : 'newest-build')
  return select<StrategyName>(
    {
      choices: STRATEGY_NAMES.map((name) => {
        const reason = suggestions.find(({ strategy }) => strategy === name)?.reason
        return {
          description: printableLines([STRATEGY_WORDS[name], reason].filter(Boolean).join('\n')),
          name,
          value: name,
        }
      }),
      default: written.strategy === undefined ? usual : readStrategyName(written.strategy).name,
      message: 'Strategy: which tag is the newest',
    },
    OUTPUT,
  )
}

/** What the questions about one rule's tags look at, while they are answered. */
interface Scene extends Pick<TagScene, 'atHand' | 'image' | 'written'> {
  /** What decides between the tags so far. */
  readonly chosen: Partial<RuleAnswers> & { readonly strategy: StrategyName }
  readonly suggested: RuleSuggestion | undefined
}

function answered(scene: Scene, answer: Partial<RuleAnswers>): Scene {
  return { ...scene, chosen: { ...scene.chosen, ...answer, strategy: scene.chosen.strategy } }
}

function askTagPattern({ atHand, chosen }: Scene, suggested: RuleSuggestion): Promise<string> {
  return askWithTags(
    {
      message: 'What of the tag is compared: RE2 with a group "version" (empty for all of it)',
      offered: [
        { text: suggested.tagPattern, meaning: suggested.reason },
        { text: '', meaning: 'the whole tag' },
      ],
      settings: (tagPattern) => choiceSettings({ ...chosen, tagPattern }),
    },
    atHand,
  )
}

async function askConstraint({ atHand, chosen, image, suggested, written }: Scene): Promise<string> {
  if (chosen.strategy !== 'semver' && chosen.strategy !== 'digest') return ''
  const same = written.strategy === undefined || written.strategy === chosen.strategy
  const asItIs = { text: (same && written.constraint) || '', meaning: 'as it is' }
  const versions = (atHand.tags ?? []).filter(({ tag }) => parseVersion(tag) !== undefined).length
  const counted = atHand.tags ? ` (${versions} of ${atHand.tags.length} tags are versions)` : ''
  const question =
    chosen.strategy === 'digest'
      ? {
          message: 'Tag to follow',
          offered: [asItIs, { text: suggested?.constraint || image.tag || 'latest', meaning: '' }],
        }
      : {
          message: `Version range, empty for any${counted}`,
          offered: [
            asItIs,
            { text: suggested?.constraint ?? '', meaning: 'no new major version without you' },
          ],
          empty: 'any release',
        }
  return askWithTags(
    {
      message: question.message,
      offered: offers(question.offered, question.empty),
      settings: (constraint) => choiceSettings({ ...chosen, constraint }),
    },
    atHand,
  )
}

function askFilter({ atHand, chosen, suggested, written }: Scene): Promise<string> {
  return askWithTags(
    {
      message: 'Filter: RE2 pattern a tag must match (empty for all)',
      offered: offers(
        [
          { text: written.tagFilter ?? '', meaning: 'as it is' },
          { text: suggested?.tagFilter ?? '', meaning: suggested?.reason ?? '' },
        ],
        'no filter',
      ),
      settings: (tagFilter) => choiceSettings({ ...chosen, tagFilter }),
    },
    atHand,
  )
}

/** Those that say something, each once; the empty answer after them where it has a meaning. */
function offers(answers: readonly OfferedAnswer[], empty?: string): OfferedAnswer[] {
  const saying = answers.filter(
    ({ text }, index) => text !== '' && answers.findIndex((other) => other.text === text) === index,
  )
  return empty === undefined ? saying : [...saying, { text: '', meaning: empty }]
}
