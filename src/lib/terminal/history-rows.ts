import { age } from '../age.ts'
import { changeNumber, type ImageChange } from '../engine/history.ts'
import { rfc3339 } from '../moment.ts'
import { shortDigest, tagAndDigest } from './shorten.ts'
import type { Column } from './table.ts'

const COMMIT_DIGITS = 12

/** The columns of `history`. */
export function historyColumns(now: Date): Column<ImageChange>[] {
  return [
    { header: '#', value: changeNumber },
    { header: 'WHEN', value: ({ at }) => `${age(at, now)} ago` },
    { header: 'IMAGE', value: ({ image }) => image },
    { header: 'OLD', value: ({ from }) => shortened(from) },
    { header: 'NEW', value: ({ to }) => shortened(to) },
    { header: 'DIGEST', value: ({ digest }) => shortDigest(digest) },
    { header: 'WHO', value: ({ by }) => by },
    { header: 'HOW', value: ({ how }) => how },
    { header: 'TIME', value: ({ at }) => rfc3339(at), wide: true },
    { header: 'REASON', value: ({ reason }) => reason, wide: true },
    { header: 'COMMIT', value: ({ commit }) => commit.slice(0, COMMIT_DIGITS) },
  ]
}

/** One change as the documented JSON item (docs/schema/image-updater-v1.json). */
export function historyDocument(change: ImageChange): Record<string, unknown> {
  const { name, namespace = '' } = change.application.metadata
  return {
    number: changeNumber(change),
    application: name,
    namespace,
    image: change.image,
    at: change.at.toISOString(),
    from: change.from,
    to: change.to,
    digest: change.digest,
    by: change.by,
    how: change.how,
    reason: change.reason,
    commit: change.commit,
    deployment: change.deployment ?? null,
    record: change.recorded ?? null,
  }
}

/** A digest in a tag as its first digits, which is what people compare. */
function shortened(text: string): string {
  const at = text.indexOf('@')
  return at < 0 ? text : tagAndDigest(text.slice(0, at), text.slice(at + 1))
}
