import { age } from '../age.ts'
import { amount } from '../amount.ts'
import type { TagReport, TagRow } from '../engine/tag-rows.ts'
import { formatPlatform } from '../image/platform.ts'
import type { DropStage } from '../policy/candidate.ts'
import type { Paint } from './colour.ts'
import { errorText } from './error-line.ts'
import { shortDigest } from './shorten.ts'
import type { Column } from './table.ts'

/** The columns of `tags`. */
export function tagColumns(now: Date, paint: Paint): Column<TagRow>[] {
  return [
    { header: '', value: ({ verdict }) => (verdict.outcome === 'winner' ? '*' : ' ') },
    { header: 'TAG', value: ({ tag }) => tag },
    { header: 'PUSHED', value: ({ pushedAt }) => age(pushedAt, now) },
    { header: 'BUILT', value: ({ createdAt }) => age(createdAt, now) },
    { header: 'DIGEST', value: ({ digest = '' }) => shortDigest(digest) },
    { header: 'PLATFORMS', value: ({ platforms = [] }) => platforms.map(formatPlatform).join(',') },
    {
      header: 'VERDICT',
      value: verdictText,
      style: (text, row) => paint(verdictStyle(row), text),
    },
  ]
}

function verdictText({ verdict, error }: TagRow): string {
  if (error) return `${verdict.reason}; ERROR ${errorText(error)}`
  return verdict.outcome === 'dropped' ? `dropped: ${verdict.reason}` : verdict.reason
}

function verdictStyle({ verdict, error }: TagRow): 'red' | 'green' | 'dim' | 'reset' {
  if (error) return 'red'
  if (verdict.outcome === 'winner') return 'green'
  return verdict.outcome === 'dropped' ? 'dim' : 'reset'
}

/** One row as the documented JSON item (docs/schema/image-updater-v1.json). */
export function tagDocument(row: TagRow): Record<string, unknown> {
  return {
    tag: row.tag,
    outcome: row.verdict.outcome,
    stage: row.verdict.outcome === 'dropped' ? row.verdict.stage : null,
    reason: row.verdict.reason,
    digest: row.digest ?? null,
    pushedAt: row.pushedAt?.toISOString() ?? null,
    createdAt: row.createdAt?.toISOString() ?? null,
    platforms: row.platforms?.map(formatPlatform) ?? [],
    error: row.error?.message ?? null,
  }
}

/** Why each stage drops tags, in a few words and in the order in which the stages are asked. */
export const STAGE_WORDS: Readonly<Record<DropStage, string>> = {
  artifact: 'signatures and other artefacts',
  'allow-tags': 'outside allow-tags',
  'image-tag-filter': 'outside the tag filter',
  'ignore-tags': 'ignored',
  'skip-tags': 'declined',
  'tag-pattern': 'outside tag-pattern',
  version: 'not a version',
  constraint: 'outside the constraint',
  'pre-release': 'pre-release',
  platform: 'wrong platform',
  date: 'no usable date',
  'min-age': 'too young',
}

/** `1284 tags: 912 not a version, 301 outside the constraint, 71 candidates`. */
export function tagCountsLine(report: TagReport): string {
  const drops = Object.entries(STAGE_WORDS).flatMap(([stage, words]) => {
    const count = report.dropped[stage as DropStage]
    return count === undefined ? [] : [`${count} ${words}`]
  })
  const candidates = amount(report.candidates, 'candidate')
  return `${report.scan.listed} tags: ${[...drops, candidates].join(', ')}`
}
