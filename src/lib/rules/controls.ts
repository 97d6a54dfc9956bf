import { parseDuration } from '../duration.ts'
import { UserError } from '../errors.ts'
import { isTag } from '../image/tag.ts'
import { nearestWord } from '../nearest.ts'
import type { TimeWindow } from '../windows/time-window.ts'
import { parseUpdateWindows } from '../windows/update-window.ts'
import type { SettingName } from './annotation-keys.ts'
import { parseBoolean, splitList, ValueError } from './values.ts'
import type { WrittenSetting, WrittenSettings } from './written-settings.ts'

/** How far a version may move without a person, smallest first. */
export const MAX_BUMPS = ['patch', 'minor', 'major'] as const
export type MaxBump = (typeof MAX_BUMPS)[number]

/** Somebody wants the image to stay as it is. */
export interface Hold {
  /** Absent: until somebody resumes it. */
  readonly until?: Date
  /** Who and since when, as recorded; '' where nobody noted it. */
  readonly by: string
  readonly reason: string
}

/** A tag that was declined. */
export interface SkippedTag {
  readonly tag: string
  /** Only this digest of it; '' for the tag whatever it names. */
  readonly digest: string
}

/** Another Application that has to run the same image well before this one may have it. */
export interface After {
  /** `shop-staging`, or `namespace/name`. */
  readonly application: string
  /** For how long it must have been Healthy and Synced, milliseconds. */
  readonly duration: number
}

/** What must be respected before an image is written, beside what its rule allows. */
export interface Controls {
  /** Milliseconds. */
  readonly minAge?: number
  readonly maxBump?: MaxBump
  /** When it may be written; absent: always. */
  readonly windows?: readonly TimeWindow[]
  readonly hold?: Hold
  readonly skips: readonly SkippedTag[]
  readonly after?: After
}

/** Reads one setting, or notes what is wrong with it and gives the last value. */
export type ReadSetting = <T>(
  name: SettingName,
  parse: (text: string, setting: WrittenSetting) => T,
  otherwise: T,
) => T

const DIGEST = /^sha256:[0-9a-f]{64}$/
/** RFC 3339, with a zone: a moment that everybody reads alike. */
const MOMENT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/

/** The control settings of one image. `read` says what to do with a value that cannot be used. */
export function readControls(settings: WrittenSettings, read: ReadSetting): Controls {
  const minAge = read('min-age', parseMinAge, 0)
  const maxBump = read<MaxBump | undefined>('max-bump', parseMaxBump, undefined)
  const windows = read<readonly TimeWindow[] | undefined>('update-window', parseUpdateWindows, undefined)
  const skips = read<readonly SkippedTag[]>('skip-tags', parseSkips, [])
  const after = read<After | undefined>('after', parseAfter, undefined)
  const hold = readHold(settings, read)
  return {
    ...(minAge > 0 && { minAge }),
    ...(maxBump && { maxBump }),
    ...(windows && { windows }),
    ...(hold && { hold }),
    skips,
    ...(after && { after }),
  }
}

/** Whether a hold counts at this moment. */
export function isHeld(hold: Hold | undefined, now: Date): boolean {
  return hold !== undefined && (hold.until === undefined || now < hold.until)
}

/** `1.5.0`, or `production@sha256:…` for a tag that moves. */
export function formatSkippedTag({ tag, digest }: SkippedTag): string {
  return digest === '' ? tag : `${tag}@${digest}`
}

/** `hold: "false"` holds nothing, whatever stands beside it; `hold-until` alone holds until then. */
function readHold(settings: WrittenSettings, read: ReadSetting): Hold | undefined {
  // A value that cannot be read is a problem that stops the image anyway.
  const held = read<boolean | undefined>('hold', parseBoolean, undefined)
  const until = read<Date | undefined>('hold-until', parseMoment, undefined)
  if (held === false || (held === undefined && until === undefined)) return undefined
  return {
    ...(until && { until }),
    by: settings.get('hold-by')?.text ?? '',
    reason: settings.get('hold-reason')?.text ?? '',
  }
}

function parseMinAge(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds >= 0) return milliseconds
  throw new ValueError(`"${text}" is no age`, 'Write a duration such as 24h')
}

function parseMaxBump(text: string): MaxBump {
  const word = text.toLowerCase()
  const known = MAX_BUMPS.find((bump) => bump === word)
  if (known) return known
  const near = nearestWord(word, MAX_BUMPS)
  throw new ValueError(
    `"${text}" is no size of a version step`,
    `Write ${near ?? 'one of patch, minor, major'}`,
  )
}

/** Of RFC 3339. @throws ValueError */
export function parseMoment(text: string): Date {
  const moment = new Date(MOMENT.test(text) ? text : Number.NaN)
  if (!Number.isNaN(moment.getTime())) return moment
  throw new ValueError(
    `"${text}" is no moment`,
    'Write date, time and zone by RFC 3339, for example 2026-03-01T18:00:00Z',
  )
}

/** `1.5.0, production@sha256:…`. @throws ValueError */
export function parseSkips(text: string): SkippedTag[] {
  return splitList(text)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const at = entry.indexOf('@')
      const [tag, digest] = at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
      if (isTag(tag) && (at < 0 || DIGEST.test(digest))) return { digest, tag }
      throw new ValueError(
        `"${entry}" is no tag`,
        'Write tags separated by commas, each as 1.5.0 or production@sha256:…',
      )
    })
}

function parseAfter(text: string): After {
  const colon = text.indexOf(':')
  const application = (colon < 0 ? text : text.slice(0, colon)).trim()
  if (!/^(?:[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(application)) {
    throw new ValueError(
      `"${text}" names no Application`,
      'Write APPLICATION, NAMESPACE/APPLICATION, and perhaps for how long: shop-staging:30m',
    )
  }
  try {
    const duration = colon < 0 ? 0 : parseDuration(text.slice(colon + 1).trim())
    if (duration >= 0) return { application, duration }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  throw new ValueError(`"${text}" names no duration after the colon`, `Write ${application}:30m`)
}
