import { CronTimes } from './cron-times.ts'
import type { TimeWindow } from './time-window.ts'

/** Whether a window is active at a moment. Moments are milliseconds since 1970. */
export interface WindowMoment {
  readonly active: boolean
  /**
   * The next moment at which it may be otherwise; undefined when it never is again. A window that began
   * again meanwhile goes on then.
   */
  readonly lookAgain: number | undefined
}

/** Where a window stands in time. */
export class WindowTimes {
  readonly window: TimeWindow
  readonly #times: CronTimes

  constructor(window: TimeWindow) {
    this.window = window
    this.#times = new CronTimes(window.schedule, window.timeZone)
  }

  /** It is active from each time of its schedule on, for less than its duration. */
  at(moment: number): WindowMoment {
    const { duration } = this.window
    const begin = this.#times.next(moment - duration)
    if (begin === undefined || begin > moment) return { active: false, lookAgain: begin }
    return { active: true, lookAgain: begin + duration }
  }
}
