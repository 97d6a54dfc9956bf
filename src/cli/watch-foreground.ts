import { setTimeout as sleep } from 'node:timers/promises'
import type { DryRun } from '../lib/cluster/client.ts'
import { applyUpdates } from '../lib/engine/apply.ts'
import { type ApprovalMode, appliesUnasked } from '../lib/engine/approval.ts'
import { checkImages } from '../lib/engine/check.ts'
import type { UpdatableImage } from '../lib/engine/checked-image.ts'
import { type WatchWorld, watch } from '../lib/engine/watch.ts'
import type { WatchEvent, WatchSummary } from '../lib/engine/watch-event.ts'
import { UserError } from '../lib/errors.ts'
import { SHORTEST_POLL } from '../lib/rules/build-rule.ts'
import { canAsk, confirm } from '../lib/terminal/confirm.ts'
import { WatchPrinter } from '../lib/terminal/watch-printer.ts'
import { durationFlag } from './duration-flag.ts'
import type { Session } from './session.ts'
import { type StopSignal, stopSignal } from './stop-signal.ts'
import { question, writesDiff } from './update-dialogue.ts'

interface WatchFlags {
  readonly interval: string
  readonly once: boolean
  readonly approve?: ApprovalMode | undefined
  readonly 'dry-run': DryRun
}

/** A flag of `watch` that cannot be used. */
export class WatchFlagError extends UserError {}

/** Runs the loop until Ctrl-C (or once), printing what happens, and returns what it did. */
export async function watchInForeground(
  session: Session,
  names: readonly string[],
  flags: WatchFlags,
): Promise<WatchSummary> {
  const interval = parseInterval(flags.interval)
  if (!session.forPeople && session.format.kind !== 'json') {
    throw new WatchFlagError(
      `watch cannot print -o ${session.format.kind}`,
      'Use -o json, one event a line, or no -o',
    )
  }
  const approve = flags.approve ?? (canAsk() && session.forPeople ? 'ask' : 'auto')
  const stop = stopSignal(() => session.note('Stopping; Ctrl-C again leaves at once.'))
  if (session.forPeople) {
    session.note(`${session.place} · polling every ${flags.interval} · approve ${approve}; Ctrl-C stops\n`)
  }
  try {
    const dryRun = flags['dry-run']
    const summary = await runWatch(session, { approve, dryRun, interval, names, once: flags.once }, stop)
    process.exitCode = stop.exitCode
    return summary
  } finally {
    stop.release()
  }
}

export interface WatchRun {
  readonly names: readonly string[]
  /** Milliseconds. */
  readonly interval: number
  readonly approve: ApprovalMode
  readonly dryRun: DryRun
  readonly once: boolean
  /** Told of every event after it was printed. */
  readonly onEvent?: (event: WatchEvent) => void
}

/** Runs the loop until it is stopped, printing what happens. */
export async function runWatch(session: Session, run: WatchRun, stop: StopSignal): Promise<WatchSummary> {
  const printer = new WatchPrinter(process.stdout, session.forPeople ? 'people' : 'json', session.paint)
  const settings = { ...run, dryRun: run.dryRun !== 'none' }
  const events = watch(worldOf(session, run, stop), settings, stop.signal)
  let event = await events.next()
  while (!event.done) {
    printer.print(event.value)
    run.onEvent?.(event.value)
    event = await events.next()
  }
  return event.value
}

function worldOf(session: Session, run: WatchRun, stop: StopSignal): WatchWorld {
  const { engine } = session
  const asks = canAsk() && session.forPeople
  // What a person said yes to is not decided anew behind their back.
  const approved = new WeakSet<UpdatableImage>()
  const author = session.author('watch')
  return {
    apply: (images) =>
      applyUpdates(engine, images, {
        asked: images.some((image) => approved.has(image)),
        dryRun: run.dryRun,
        ...(author && { author }),
        mayApply: ({ decision }) => appliesUnasked(run.approve, decision),
      }),
    check: (images, firstSeen) => checkImages(engine, images, { firstSeen }),
    load: () => {
      engine.newCycle()
      return session.load(run.names)
    },
    now: () => engine.now(),
    pause: (milliseconds) => sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => {}),
    ...(asks && {
      ask: async (images: readonly UpdatableImage[]) => {
        process.stdout.write(writesDiff(session, images, session.paint))
        const yes = await confirm(question(session, images), stop.signal).catch((error: Error) => {
          // At a question the terminal is in raw mode: Ctrl-C arrives as an answer, not as a signal.
          if (error.name === 'ExitPromptError') stop.interrupt()
          if (stop.signal.aborted) return false
          throw error
        })
        if (yes) for (const image of images) approved.add(image)
        return yes
      },
    }),
  }
}

function parseInterval(text: string): number {
  const interval = durationFlag('--interval', text)
  if (interval >= SHORTEST_POLL) return interval
  throw new WatchFlagError(
    `--interval ${text} is too short`,
    'Poll every 10s at most: registries limit requests',
  )
}
