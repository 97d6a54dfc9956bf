import { UserError } from '../errors.ts'
import { rfc3339 } from '../moment.ts'
import { ANNOTATION_PREFIX, isAnnotationKey } from './annotation-keys.ts'
import { formatSkippedTag, isHeld, parseMoment, parseSkips, type SkippedTag } from './controls.ts'
import { parseBoolean } from './values.ts'
import type { AnnotationChange } from './write-annotations.ts'
import type { Annotations } from './written-settings.ts'

/** What an operator orders of a hold. */
export interface HoldOrder {
  /** Absent: until somebody resumes it. */
  readonly until?: Date
  readonly reason: string
  /** Who and when: `ann@laptop 2026-03-01T12:00:00Z`. */
  readonly by: string
}

/** Whose controls are changed: an alias, or '' for the Application as a whole. */
export type ControlSubject = string

type ControlChange = Pick<AnnotationChange, 'set' | 'remove'>

/** A control that cannot be written as asked. */
export class ControlError extends UserError {}

const HOLD_KEYS = ['hold', 'hold-until', 'hold-reason', 'hold-by'] as const
/** Beyond these the oldest are forgotten; the rule reader takes a value of 4096 characters at most. */
const MOST_SKIPS = 50
const LONGEST_SKIPS = 3500

/**
 * Holds images. A hold of the Application as a whole also ends what its images have of their own where that
 * would let them go sooner.
 */
export function holdAnnotations(
  annotations: Annotations,
  subjects: readonly ControlSubject[],
  order: HoldOrder,
  now: Date,
): ControlChange {
  const wanted = new Map<string, string>()
  if (subjects.includes('')) {
    for (const alias of holdersIn(annotations)) {
      if (endsSooner(annotations, alias, order, now)) clear(wanted, alias)
    }
  }
  for (const subject of subjects) {
    wanted.set(nameOf(subject, 'hold'), 'true')
    wanted.set(nameOf(subject, 'hold-until'), order.until ? rfc3339(order.until) : '')
    wanted.set(nameOf(subject, 'hold-reason'), order.reason)
    wanted.set(nameOf(subject, 'hold-by'), order.by)
  }
  return changeTo(annotations, wanted)
}

/** Releases images. One image of an Application that is held as a whole is exempted from that. */
export function resumeAnnotations(
  annotations: Annotations,
  subjects: readonly ControlSubject[],
): ControlChange {
  const wanted = new Map<string, string>()
  if (subjects.includes('')) {
    for (const holder of ['', ...holdersIn(annotations)]) clear(wanted, holder)
    return changeTo(annotations, wanted)
  }
  const wide = HOLD_KEYS.slice(0, 2).some((key) => annotations[nameOf('', key)] !== undefined)
  const heldAsWhole = wide && annotations[nameOf('', 'hold')] !== 'false'
  for (const subject of subjects) {
    clear(wanted, subject)
    if (heldAsWhole) wanted.set(nameOf(subject, 'hold'), 'false')
  }
  return changeTo(annotations, wanted)
}

/**
 * Declines a tag, or with `undo` offers it again. An image that has no list of its own yet gets that of the
 * Application as a whole with it, since its own list counts instead.
 *
 * @throws ControlError where a tag to offer again is declined for all images, or cannot be read
 */
export function skipAnnotations(
  annotations: Annotations,
  subject: ControlSubject,
  skipped: SkippedTag,
  { undo }: { readonly undo: boolean },
): ControlChange {
  const own = annotations[nameOf(subject, 'skip-tags')] ?? ''
  const list = parseSkips(own === '' ? (annotations[nameOf('', 'skip-tags')] ?? '') : own)
  const same = ({ tag, digest }: SkippedTag) =>
    tag === skipped.tag && (digest === skipped.digest || (undo && skipped.digest === ''))
  const others = list.filter((entry) => !same(entry))
  if (undo && others.length === list.length) return { remove: [], set: {} }
  if (undo && own === '' && subject !== '') {
    throw new ControlError(
      `${formatSkippedTag(skipped)} is declined for every image of the Application`,
      `Take it out of the annotation ${nameOf('', 'skip-tags')}`,
    )
  }
  let kept = undo ? others : [...others, skipped].slice(-MOST_SKIPS)
  while (textOf(kept).length > LONGEST_SKIPS) kept = kept.slice(1)
  return changeTo(annotations, new Map([[nameOf(subject, 'skip-tags'), textOf(kept)]]))
}

function textOf(skips: readonly SkippedTag[]): string {
  return skips.map(formatSkippedTag).join(',')
}

/** Whoever has a key of a hold of their own, whether or not a rule knows the alias. */
function holdersIn(annotations: Annotations): Set<string> {
  const keys = Object.keys(annotations).filter((name) => name.startsWith(ANNOTATION_PREFIX))
  const aliases = keys.flatMap((name) => {
    const key = name.slice(ANNOTATION_PREFIX.length)
    const setting = HOLD_KEYS.find((hold) => key.endsWith(`.${hold}`))
    return setting ? [key.slice(0, -setting.length - 1)] : []
  })
  return new Set(aliases)
}

/** A value that cannot be read stops the image anyway, until somebody corrects it: it holds nothing. */
function endsSooner(annotations: Annotations, alias: string, order: HoldOrder, now: Date): boolean {
  const [held, end] = [annotations[nameOf(alias, 'hold')], annotations[nameOf(alias, 'hold-until')]]
  try {
    if (held !== undefined && !parseBoolean(held)) return true
    const until = end === undefined ? undefined : parseMoment(end)
    const hold = { by: '', reason: '', ...(until && { until }) }
    if (!isHeld(hold, now)) return true
    return until !== undefined && (order.until === undefined || until < order.until)
  } catch (error) {
    if (error instanceof UserError) return true
    throw error
  }
}

function clear(wanted: Map<string, string>, subject: ControlSubject): void {
  for (const key of HOLD_KEYS) wanted.set(nameOf(subject, key), '')
}

function nameOf(subject: ControlSubject, setting: string): string {
  const key = subject === '' ? setting : `${subject}.${setting}`
  if (isAnnotationKey(key)) return `${ANNOTATION_PREFIX}${key}`
  throw new ControlError(
    `"${key}" is not the name of an annotation, so the image "${subject}" cannot have it`,
    'Give the image a shorter alias of letters, digits, ".", "_" and "-"',
  )
}

/** Only what differs; '' stands for no annotation. */
function changeTo(annotations: Annotations, wanted: ReadonlyMap<string, string>): ControlChange {
  const changed = [...wanted].filter(([name, text]) => (annotations[name] ?? '') !== text)
  return {
    remove: changed.filter(([name, text]) => text === '' && name in annotations).map(([name]) => name),
    set: Object.fromEntries(changed.filter(([, text]) => text !== '')),
  }
}
