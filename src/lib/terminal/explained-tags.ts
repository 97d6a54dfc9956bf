import { age } from '../age.ts'
import { amount } from '../amount.ts'
import type { ImageExplanation } from '../engine/explanation.ts'
import type { TagRow } from '../engine/tag-rows.ts'
import type { StageStory, TagStory } from '../engine/tag-story.ts'
import { formatPlatform } from '../image/platform.ts'
import { canonicalRepository } from '../image/reference.ts'
import type { DropStage } from '../policy/candidate.ts'
import { errorText } from './error-line.ts'
import { aligned, type Fact, type FactLine } from './facts.ts'
import { shortDigest, shortenMiddle } from './shorten.ts'
import { STAGE_WORDS } from './tag-rows.ts'

interface TagView {
  readonly now: Date
  readonly all: boolean
}

const LONGEST_TAG = 40
const LONGEST_EXAMPLE = 20
/** Reasons up to this width keep the examples of all stages in one column. */
const WIDEST_REASON = 34

/** Which repository was asked and how, what became of its tags, and who is in front. */
export function tagFacts({ checked, tags, requests }: ImageExplanation, view: TagView): Fact[] {
  if (!checked?.rule) return []
  const repository = canonicalRepository(checked.rule.image)
  const asked = amount(requests, 'request')
  if (checked.state === 'failed') {
    const lines: FactLine[] = [
      { text: `${repository}, ${asked}` },
      { style: 'red', text: checked.error.message },
    ]
    return [{ label: 'Repository', lines }]
  }
  const { via, credential } = checked.scan
  const login = via.includes(credential) ? '' : `, credential: ${credential}`
  return [
    { label: 'Repository', lines: [{ text: `${repository}, ${via}${login}, ${asked}` }] },
    ...(tags ? [{ label: 'Tags', lines: tagLines(tags) }] : []),
    ...(tags && view.all ? [{ label: 'Every tag', lines: verdictLines(tags) }] : []),
    ...(tags && tags.finalists.length > 0
      ? [{ label: 'Finalists', lines: aligned(tags.finalists.map((each) => finalistLine(each, view.now))) }]
      : []),
  ]
}

function tagLines({ listed, stages, candidates }: TagStory): FactLine[] {
  const width = String(listed).length
  const count = (number: number) => String(number).padStart(width)
  const words = stages.map(reasonText)
  const widest = Math.max(0, ...words.map((word) => [...word].length))
  return [
    { text: `${listed} listed` },
    ...stages.map((stage, index) => {
      const word = words[index] ?? ''
      const padding = ' '.repeat(widest > WIDEST_REASON ? 2 : widest - [...word].length + 2)
      return { lead: `− ${count(stage.count)}  `, text: `${word}${padding}${examples(stage)}` }
    }),
    { lead: `= ${count(candidates)}  `, text: candidates === 1 ? 'candidate' : 'candidates' },
  ]
}

/** Stages about which a rule has nothing to say in words of its own. */
const OF_THEMSELVES: ReadonlySet<DropStage> = new Set(['artifact', 'pre-release'])

/** The reason in the rule's own words, where all share one. */
function reasonText({ reason, stage }: StageStory): string {
  return OF_THEMSELVES.has(stage) ? STAGE_WORDS[stage] : reason || STAGE_WORDS[stage]
}

function examples({ examples: some, count }: StageStory): string {
  const quoted = some.map((tag) => JSON.stringify(shortenMiddle(tag, LONGEST_EXAMPLE)))
  return [...quoted, ...(count > some.length ? ['…'] : [])].join(', ')
}

function finalistLine(finalist: TagRow, now: Date): FactLine {
  const { pushedAt, createdAt, digest = '', platforms = [], error } = finalist
  const told = [
    pushedAt && `pushed ${age(pushedAt, now)} ago`,
    !pushedAt && createdAt && `built ${age(createdAt, now)} ago`,
    digest && shortDigest(digest),
    platforms.map(formatPlatform).join(' '),
    error && errorText(error),
  ]
  return { lead: shortenMiddle(finalist.tag, LONGEST_TAG), text: told.filter(Boolean).join(', ') }
}

function verdictLines({ verdicts }: TagStory): FactLine[] {
  return aligned(
    verdicts.map((verdict) => ({
      lead: shortenMiddle(verdict.tag, LONGEST_TAG),
      text: verdict.outcome === 'dropped' ? `dropped: ${verdict.reason}` : verdict.reason,
      ...(verdict.outcome === 'winner' && { style: 'green' as const }),
      ...(verdict.outcome === 'dropped' && { style: 'dim' as const }),
    })),
  )
}
