import { humanDuration } from '../human-duration.ts'

/** The age of a moment, '' when it is not known. */
export function age(moment: Date | undefined, now: Date): string {
  return moment ? humanDuration(now.getTime() - moment.getTime()) : ''
}
