import type { KubernetesObject } from './kubernetes-object.ts'

/** Annotation of an Application that notes who changed its images with this tool: a JSON array, newest last. */
export const CHANGE_RECORD = 'kubectl-image-updater/history'

/** By which command an image was changed. */
export const CHANGE_WAYS = ['update', 'watch', 'set', 'rollback'] as const
export type ChangeWay = (typeof CHANGE_WAYS)[number]

/** Who changes images, how and why; for the record. */
export interface Author {
  /** `ann@laptop`; a person reads it, nobody checks it. */
  readonly by: string
  readonly how: ChangeWay
  readonly reason: string
}

/** One change of one image. Tags are as the spec has them: `1.5.0`, `production@sha256:…`. */
export interface ChangeEntry extends Author {
  /** RFC 3339. */
  readonly at: string
  /** The alias, or the repository of an image that has none. */
  readonly image: string
  /** '' where nothing was known to run. */
  readonly from: string
  readonly to: string
  /** What the tag named when it was written, though only the tag was; '' where nobody had to know. */
  readonly digest: string
}

/** An entry with the number it has kept since it was written. */
export interface RecordedChange extends ChangeEntry {
  readonly number: number
}

/** What an Application tells of earlier changes. */
export interface ChangeRecord {
  /** Oldest first. */
  readonly entries: readonly RecordedChange[]
  /** Why the annotation is no record, '' where it is one or is absent. */
  readonly problem: string
}

/** An annotation is carried by every read of the Application, and all of them together may be 256 KiB. */
const MOST_ENTRIES = 20
const LONGEST_RECORD = 16 * 1024
const LONGEST_READ = 4 * LONGEST_RECORD
const LONGEST_TEXT = 256
const GREATEST_NUMBER = 1_000_000_000

/**
 * Reads the record of an Application. Whoever may write the Application may write anything there: entries
 * of another shape are left out, and text that is no list at all is told and counts as none.
 */
export function readChangeRecord({ metadata }: KubernetesObject): ChangeRecord {
  const text: unknown = metadata.annotations?.[CHANGE_RECORD]
  if (text === undefined) return { entries: [], problem: '' }
  const unreadable = { entries: [], problem: `annotation ${CHANGE_RECORD} holds no record of changes` }
  if (typeof text !== 'string' || text.length > LONGEST_READ) return unreadable
  try {
    const value: unknown = JSON.parse(text)
    if (!Array.isArray(value)) return unreadable
    return { entries: value.flatMap(readEntry).slice(-MOST_ENTRIES), problem: '' }
  } catch {
    return unreadable
  }
}

/** The text of the record with these entries added, without the oldest ones where it would grow too long. */
export function extendedRecord(object: KubernetesObject, added: readonly ChangeEntry[]): string {
  const { entries } = readChangeRecord(object)
  let number = entries.reduce((greatest, entry) => Math.max(greatest, entry.number), 0)
  if (number + added.length > GREATEST_NUMBER) number = 0
  const all = [...entries, ...added.map((entry) => ({ number: ++number, ...bounded(entry) }))]
  let kept = all.slice(-MOST_ENTRIES)
  while (kept.length > 1 && JSON.stringify(kept).length > LONGEST_RECORD) kept = kept.slice(1)
  return JSON.stringify(kept)
}

/** Text of one line that fits into an annotation: no control characters, and not too long. */
export function annotationText(text: string, longest = LONGEST_TEXT): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  return [...line].slice(0, longest).join('')
}

function bounded(entry: ChangeEntry): ChangeEntry {
  const { at, how } = entry
  return {
    at,
    by: annotationText(entry.by),
    how,
    image: annotationText(entry.image),
    from: annotationText(entry.from),
    to: annotationText(entry.to),
    digest: annotationText(entry.digest),
    reason: annotationText(entry.reason),
  }
}

function readEntry(value: unknown): RecordedChange[] {
  if (typeof value !== 'object' || value === null) return []
  const { number, at, by, how, image, from, to, digest, reason } = value as Record<string, unknown>
  const way = CHANGE_WAYS.find((known) => known === how)
  const texts = [at, by, image, from, to, digest, reason]
  if (!way || !texts.every((text) => typeof text === 'string' && text.length <= 2 * LONGEST_TEXT)) return []
  if (!Number.isInteger(number) || Number(number) < 1 || Number(number) > GREATEST_NUMBER) return []
  const moment = new Date(String(at))
  if (Number.isNaN(moment.getTime()) || image === '' || to === '') return []
  const entry = { by, digest, from, image, reason, to } as Record<
    'by' | 'digest' | 'from' | 'image' | 'reason' | 'to',
    string
  >
  return [{ ...entry, at: moment.toISOString(), how: way, number: Number(number) }]
}
