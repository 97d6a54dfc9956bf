import { age } from '../age.ts'
import type { ApplicationStore } from '../engine/application-store.ts'
import { type CheckedImage, isUpdatable } from '../engine/checked-image.ts'
import { followsDigest } from '../engine/decide.ts'
import { targetText } from '../engine/git/target-text.ts'
import { currentDigest, currentReference, disagreements } from '../engine/running-image.ts'
import { repositoryName } from '../image/reference.ts'
import type { Paint } from './colour.ts'
import { commitDocument } from './commit-document.ts'
import { errorText } from './error-line.ts'
import { printable } from './escape.ts'
import { tagAndDigest } from './shorten.ts'
import type { Column } from './table.ts'

/** The columns of `check` and of every cycle of `watch`. */
export function checkColumns(
  now: Date,
  paint: Paint,
  severalNamespaces: boolean,
  contextOf?: (row: CheckedImage) => string,
): Column<CheckedImage>[] {
  return [
    ...(contextOf ? [{ header: 'CONTEXT', value: contextOf }] : []),
    ...(severalNamespaces
      ? [{ header: 'NAMESPACE', value: (row: CheckedImage) => row.application.metadata.namespace ?? '' }]
      : []),
    { header: 'APPLICATION', value: (row) => row.application.metadata.name },
    { header: 'IMAGE', value: imageName },
    { header: 'RUNNING', value: runningText },
    { header: 'AVAILABLE', value: availableText },
    { header: 'PUSHED', value: (row) => age(pushedAt(row), now) },
    { header: 'REPOSITORY', value: (row) => row.image, wide: true },
    { header: 'STRATEGY', value: (row) => row.rule?.strategy ?? '', wide: true },
    { header: 'ACTION', value: actionText, style: (text, row) => paint(actionStyle(row), text) },
  ]
}

/** Whether a table has to tell namespaces apart. */
export function inSeveralNamespaces(rows: readonly CheckedImage[]): boolean {
  return new Set(rows.map(({ application }) => application.metadata.namespace)).size > 1
}

/** The alias, or the repository's last part where the rule has none. */
export function imageName(row: CheckedImage): string {
  return row.alias || row.image.split('/').at(-1) || ''
}

/** `production@9f1c2b7a04de`: what runs, as far as it is known. */
export function runningText(row: CheckedImage): string {
  if (row.state === 'failed') return ''
  const current = currentReference(row.running)
  if (!current) return ''
  return tagAndDigest(current.tag, followsDigest(row.rule) ? currentDigest(row.running) : current.digest)
}

/** `production@41d8e0c3b712`: what the rule would run. */
export function availableText(row: CheckedImage): string {
  const winner = row.state === 'decided' ? row.scan.winner : undefined
  if (row.state === 'failed' || !winner) return ''
  return tagAndDigest(winner.tag, followsDigest(row.rule) ? (winner.digest ?? '') : '')
}

function pushedAt(row: CheckedImage): Date | undefined {
  return row.state === 'decided' ? (row.scan.winner?.pushedAt ?? row.scan.winner?.createdAt) : undefined
}

/** What `update` would do with it, or why nothing, in a few words. */
export function actionText(row: CheckedImage): string {
  if (row.state === 'failed') return `ERROR ${errorText(row.error)}`
  const { decision } = row
  switch (decision.kind) {
    case 'update': {
      const summary = row.commit
        ? `commit ${targetText(row.commit.target)}`
        : [...new Set(row.writes.map(({ summary }) => summary))].join(', ')
      return decision.approval === undefined ? summary : `needs approval: ${decision.approval}`
    }
    case 'up-to-date': {
      const notes = disagreements(row.running)
      return notes.length > 0 ? `up to date (${notes.join('; ')})` : 'up to date'
    }
    case 'rolling':
      return `waits: ${decision.reason}`
    case 'waiting':
      return `waits: ${decision.reason}`
    case 'held':
      return decision.reason
    case 'blocked':
      return `blocked: ${decision.reason}`
    case 'not-running':
      return `not running: ${decision.reason}`
    case 'no-candidate':
      return `no candidate: ${decision.reason}`
  }
}

function actionStyle(row: CheckedImage): 'red' | 'green' | 'yellow' | 'dim' {
  if (row.state === 'failed') return 'red'
  if (row.decision.kind === 'update') return row.decision.approval === undefined ? 'green' : 'yellow'
  return row.decision.kind === 'up-to-date' ? 'dim' : 'yellow'
}

/** One image as the documented JSON item (docs/schema/image-updater-v1.json). */
export function checkedImageDocument(row: CheckedImage): Record<string, unknown> {
  const { name, namespace = '' } = row.application.metadata
  const subject = {
    application: name,
    namespace,
    alias: row.alias,
    image: row.image,
    strategy: row.rule?.strategy ?? null,
    constraint: row.rule?.image.tag ?? null,
    rule: row.rule ? { kind: row.rule.origin.kind, object: row.rule.origin.object } : null,
  }
  if (row.state === 'failed') {
    return {
      ...subject,
      running: null,
      available: null,
      decision: 'error',
      reason: row.error.message,
      remedy: row.error.remedy,
      target: null,
      approval: null,
      until: null,
      writes: [],
      commit: null,
    }
  }
  const current = currentReference(row.running)
  const winner = row.scan.winner
  return {
    ...subject,
    running: current
      ? {
          repository: repositoryName(current),
          tag: current.tag,
          digest: currentDigest(row.running),
          notes: disagreements(row.running),
        }
      : null,
    available: winner
      ? {
          tag: winner.tag,
          digest: winner.digest ?? '',
          pushedAt: winner.pushedAt?.toISOString() ?? null,
          createdAt: winner.createdAt?.toISOString() ?? null,
        }
      : null,
    decision: row.decision.kind,
    reason: row.decision.reason,
    remedy: '',
    target: 'target' in row.decision ? row.decision.target : null,
    approval: row.decision.kind === 'update' ? (row.decision.approval ?? null) : null,
    until: row.decision.kind === 'waiting' ? (row.decision.until?.toISOString() ?? null) : null,
    writes: row.writes.map(({ kind, path, summary, fields }) => ({
      object: `${kind}/${path.name ?? ''}`,
      namespace: path.namespace ?? '',
      summary,
      fields,
    })),
    commit: row.commit ? commitDocument(row.commit) : null,
  }
}

/** How many images can be applied, are blocked, wait or failed, in one sentence for people. */
export function summaryLine(
  rows: readonly CheckedImage[],
  { elsewhere, flags }: Pick<ApplicationStore, 'elsewhere' | 'flags'>,
): string {
  const count = (kind: string) =>
    rows.filter((row) => (row.state === 'failed' ? 'failed' : row.decision.kind) === kind).length
  if (rows.length === 0) {
    return `No image here has a rule. kubectl image-updater annotate APPLICATION writes one${elsewhere}`
  }
  const parts: string[] = []
  const asking = rows.filter((row) => isUpdatable(row) && row.decision.approval !== undefined).length
  const updates = count('update') - asking
  const update = `kubectl image-updater update${printable(flags)}`
  if (updates > 0) parts.push(`${updates} can be applied (${update})`)
  if (asking > 0)
    parts.push(`${asking} ${asking === 1 ? 'needs' : 'need'} approval${updates > 0 ? '' : ` (${update})`}`)
  if (count('waiting') > 0) parts.push(`${count('waiting')} waiting`)
  if (count('held') > 0) parts.push(`${count('held')} held`)
  if (count('blocked') > 0) parts.push(`${count('blocked')} blocked`)
  if (count('rolling') > 0) parts.push(`${count('rolling')} waiting for Pods`)
  if (count('no-candidate') > 0) parts.push(`${count('no-candidate')} without a candidate`)
  if (count('not-running') > 0) parts.push(`${count('not-running')} not running`)
  if (count('failed') > 0) parts.push(`${count('failed')} failed`)
  return parts.length > 0 ? parts.join(', ') : 'Nothing to do'
}
