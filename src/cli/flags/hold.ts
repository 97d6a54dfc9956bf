import { Flags } from '@oclif/core'
import { annotationText } from '../../lib/application/change-record.ts'
import { holderText } from '../../lib/engine/hold.ts'
import { UserError } from '../../lib/errors.ts'
import type { HoldOrder } from '../../lib/rules/control-annotations.ts'
import { parseMoment } from '../../lib/rules/controls.ts'
import type { Session } from '../session/session.ts'
import { durationFlag } from './duration.ts'

/** For how long and why an image is held. */
export const holdFlags = {
  for: Flags.string({
    description: 'Hold for so long, 2h for example (default: until resumed)',
    helpValue: 'DURATION',
  }),
  until: Flags.string({
    description: 'Hold until this moment, by RFC 3339: 2026-03-01T18:00:00Z (default: until resumed)',
    helpValue: 'TIME',
  }),
  reason: Flags.string({ description: 'Why, for colleagues to read', default: '' }),
}

interface HoldFlags {
  readonly for?: string | undefined
  readonly until?: string | undefined
  readonly reason: string
}

/** Flags of a hold that contradict each other or the calendar. */
export class HoldFlagError extends UserError {}

/** @throws HoldFlagError */
export function holdOrder(session: Session, flags: HoldFlags): HoldOrder {
  const now = session.engine.now()
  const until = endOf(flags, now)
  return {
    by: holderText(session.operator, now),
    reason: annotationText(flags.reason),
    ...(until && { until }),
  }
}

function endOf({ for: duration, until }: HoldFlags, now: Date): Date | undefined {
  if (duration !== undefined && until !== undefined)
    throw new HoldFlagError('--for and --until both say how long', 'Give one of them')
  if (duration !== undefined) {
    const milliseconds = durationFlag('--for', duration)
    if (milliseconds > 0) return new Date(now.getTime() + milliseconds)
    throw new HoldFlagError('--for 0 holds nothing', 'Write how long, 2h for example')
  }
  if (until === undefined) return undefined
  const moment = readMoment(until)
  if (moment > now) return moment
  throw new HoldFlagError(`--until ${until} is over`, 'Write a moment to come')
}

function readMoment(text: string): Date {
  try {
    return parseMoment(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new HoldFlagError(`--until: ${error.message}`, error.remedy, { cause: error })
  }
}
