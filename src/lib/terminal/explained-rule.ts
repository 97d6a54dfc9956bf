import { humanDuration } from '../age.ts'
import type { ImageExplanation } from '../engine/explanation.ts'
import { formatPlatform } from '../image/platform.ts'
import { repositoryName } from '../image/reference.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { writeBackText } from '../rules/write-back.ts'
import { aligned, type Fact, type FactLine } from './facts.ts'

/** What the rule says, where it was written, and what is wrong with it. */
export function ruleFacts({ checked, faults, keys }: ImageExplanation): Fact[] {
  const faulty = faults.map(
    ({ fault }): FactLine => ({
      style: 'red',
      text: `${fault.key} ${JSON.stringify(fault.value)}: ${fault.problem}. ${fault.remedy}`,
    }),
  )
  const rule = checked?.rule
  const [fault] = faults
  const origin = rule?.origin ?? fault?.fault.origin
  const meaning: FactLine[] = rule ? [{ text: ruleText(rule) }] : []
  const where: FactLine[] =
    origin?.kind === 'annotation'
      ? [
          { text: `annotations of application ${origin.object}:` },
          ...aligned(keys.map(({ key, text }) => ({ lead: `  ${key}`, text }))),
        ]
      : [{ text: `${origin?.kind ?? 'rule'} ${origin?.object ?? ''}` }]
  const without: FactLine[] =
    faults.length > 0 && rule
      ? [{ text: 'What follows is as if the faulty settings were not there; nothing is updated meanwhile.' }]
      : []
  return [
    { label: 'Rule', lines: [...meaning, ...where] },
    ...(faulty.length > 0 ? [{ label: 'Fault', lines: [...faulty, ...without] }] : []),
  ]
}

function ruleText(rule: UpdateRule): string {
  const { image, strategy, filter, platforms, pollInterval, tagPattern } = rule
  const asTag = strategy === 'digest' ? `tag ${image.tag}` : `"${image.tag}"`
  return [
    `${strategy}${image.tag && ` ${asTag}`} of ${repositoryName(image)}`,
    filter.description,
    tagPattern && `tag-pattern ${tagPattern}`,
    platforms.length > 0 && `platforms ${platforms.map(formatPlatform).join(', ')}`,
    rule.pinDigest && 'the digest is pinned',
    rule.forceUpdate && 'force-update',
    rule.allowDowngrade && 'allow-downgrade',
    pollInterval && `polled every ${humanDuration(pollInterval)}`,
    `write-back ${writeBackText(rule.writeBack)}`,
  ]
    .filter(Boolean)
    .join('; ')
}
