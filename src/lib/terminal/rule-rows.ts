import { humanDuration } from '../age.ts'
import type { RuleRow } from '../engine/rule-rows.ts'
import { rfc3339 } from '../moment.ts'
import { formatSkippedTag } from '../rules/controls.ts'
import { writeBackText } from '../rules/write-back.ts'
import { errorText } from './error-line.ts'
import { tagAndDigest } from './shorten.ts'
import type { Column } from './table.ts'

/** The columns of `list`. */
export function ruleColumns(severalNamespaces: boolean): Column<RuleRow>[] {
  return [
    ...(severalNamespaces
      ? [{ header: 'NAMESPACE', value: (row: RuleRow) => row.application.metadata.namespace ?? '' }]
      : []),
    { header: 'APPLICATION', value: (row) => row.application.metadata.name },
    { header: 'IMAGE', value: (row) => row.alias },
    { header: 'REPOSITORY', value: (row) => row.image },
    { header: 'STRATEGY', value: (row) => row.rule?.strategy ?? '' },
    { header: 'CONSTRAINT', value: (row) => row.rule?.image.tag ?? '' },
    {
      header: 'RUNNING',
      value: (row) => row.live.map(({ tag, digest }) => tagAndDigest(tag, digest)).join(','),
    },
    { header: 'FILTER', value: (row) => row.rule?.filter.description ?? '', wide: true },
    { header: 'WRITE-BACK', value: (row) => (row.rule ? writeBackText(row.rule.writeBack) : ''), wide: true },
    {
      header: 'INTERVAL',
      value: (row) => (row.rule?.pollInterval ? humanDuration(row.rule.pollInterval) : ''),
      wide: true,
    },
    { header: 'SKIPPED', value: (row) => skippedTags(row).join(','), wide: true },
    { header: 'HELD', value: heldText },
    { header: 'RULE', value: ruleText },
  ]
}

/** One row as the documented JSON item (docs/schema/image-updater-v1.json). */
export function ruleDocument(row: RuleRow): Record<string, unknown> {
  const { name, namespace = '' } = row.application.metadata
  return {
    application: name,
    namespace,
    alias: row.alias,
    image: row.image,
    strategy: row.rule?.strategy ?? null,
    constraint: row.rule?.image.tag ?? null,
    filter: row.rule?.filter.description ?? null,
    writeBack: row.rule?.writeBack.method ?? null,
    pollInterval: row.rule?.pollInterval ?? null,
    running: row.live.map(({ tag, digest }) => ({ tag, digest })),
    rule: row.rule ? { kind: row.rule.origin.kind, object: row.rule.origin.object } : null,
    held: row.held
      ? { until: row.held.until?.toISOString() ?? null, by: row.held.by, reason: row.held.reason }
      : null,
    skipped: skippedTags(row),
    error: row.fault ? { message: row.fault.message, remedy: row.fault.remedy } : null,
  }
}

function heldText({ held }: RuleRow): string {
  if (!held) return ''
  return held.until ? `until ${rfc3339(held.until)}` : 'yes'
}

function skippedTags({ rule }: RuleRow): string[] {
  return (rule?.controls.skips ?? []).map(formatSkippedTag)
}

function ruleText(row: RuleRow): string {
  if (row.fault) return `ERROR ${errorText(row.fault)}`
  if (row.rule?.origin.kind !== 'image-updater') return row.rule?.origin.kind ?? ''
  const { object } = row.rule.origin
  return `imageupdater/${object.slice(object.indexOf('/') + 1)}`
}
