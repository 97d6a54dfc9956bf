import type { Clock } from '../registry/clock.ts'

/** What notifications need of the process they are sent from. */
export interface NotifySurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly userAgent: string
  readonly clock: Clock
  /** Milliseconds; the usual ones where absent. */
  readonly limits?: Partial<NotifyLimits>
}

/** Milliseconds. */
export interface NotifyLimits {
  /** One attempt of a request, from the connection to the end of the answer. */
  readonly request: number
  /** One run of a command. */
  readonly command: number
}

export const USUAL_LIMITS: NotifyLimits = { request: 10_000, command: 30_000 }
