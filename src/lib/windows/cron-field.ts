import { UserError } from '../errors.ts'

/** A cron schedule, or a part of it, that cannot be read. */
export class CronError extends UserError {}

/** One field of a cron schedule: the values it stands for. */
export interface CronField {
  /** Ascending, each once; never empty. */
  readonly values: readonly number[]
  /** Written as `*` or `?`: the field sets no condition. A step such as `2-31/2` does. */
  readonly any: boolean
}

/** What a field may hold. */
export interface CronFieldType {
  /** As in messages: `day of month`. */
  readonly name: string
  readonly least: number
  readonly most: number
  /** Words for the values from `least` on: `JAN`, …; absent where there are none. */
  readonly words?: readonly string[]
  /** What to write instead of a value that many believe in. */
  readonly hint?: string
}

/**
 * Reads one field by the rules of robfig/cron v3, as Argo CD does: `*`, `?`, numbers, words, ranges, steps
 * and lists of these; `5/15` counts from 5 to the end. An empty entry of a list is refused here.
 *
 * @throws CronError naming the field and the part that is wrong.
 */
export function parseCronField(text: string, type: CronFieldType): CronField {
  const values = new Set<number>()
  let any = false
  for (const entry of text.split(',')) {
    const read = parseEntry(entry, type)
    for (let value = read.from; value <= read.to; value += read.step) values.add(value)
    any ||= read.any
  }
  return { values: [...values].sort((a, b) => a - b), any }
}

interface Entry {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly any: boolean
}

function parseEntry(entry: string, type: CronFieldType): Entry {
  const [range = '', stepText, ...moreSteps] = entry.split('/')
  const [low = '', high, ...moreBounds] = range.split('-')
  if (moreSteps.length > 0 || moreBounds.length > 0) throw unreadable(entry, type)
  const step = stepText === undefined ? 1 : wholeNumber(stepText)
  if (step === undefined || step === 0) throw unreadable(entry, type)
  if (range === '*' || range === '?') return { from: type.least, to: type.most, step, any: step === 1 }
  const from = fieldValue(low, entry, type)
  const end = stepText === undefined ? from : type.most
  const to = high === undefined ? end : fieldValue(high, entry, type)
  if (from > to) {
    throw new CronError(
      `the ${type.name} "${short(entry)}" begins after its end`,
      'Write two ranges with a comma between them',
    )
  }
  return { from, to, step, any: false }
}

function fieldValue(text: string, entry: string, type: CronFieldType): number {
  const word = type.words?.indexOf(text.toUpperCase()) ?? -1
  const value = word >= 0 ? word + type.least : wholeNumber(text)
  if (value === undefined) throw unreadable(entry, type)
  if (value < type.least || value > type.most) {
    const wanted = `Write ${type.least} to ${type.most}`
    throw new CronError(
      `the ${type.name} "${short(entry)}" is not between ${type.least} and ${type.most}`,
      type.hint ? `${wanted}; ${type.hint}` : wanted,
    )
  }
  return value
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined
}

function unreadable(entry: string, { name, least, most, words }: CronFieldType): CronError {
  const named = words ? ` or ${words[0]} to ${words.at(-1)}` : ''
  return new CronError(
    `"${short(entry)}" is no ${name} of a cron schedule`,
    `Write ${least} to ${most}${named}, *, ranges (a-b), steps (*/n) or lists (a,b)`,
  )
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
