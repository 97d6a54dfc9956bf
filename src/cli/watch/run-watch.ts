import type { UpdatableImage } from '../../lib/engine/checked-image.ts'
import { watch } from '../../lib/engine/watch.ts'
import type { WatchDesk } from '../../lib/engine/watch-desk.ts'
import type { WatchEvent, WatchSummary } from '../../lib/engine/watch-event.ts'
import type { WatchWorld } from '../../lib/engine/watch-world.ts'
import { confirm } from '../../lib/terminal/confirm.ts'
import { gateWarnings, question, writesDiff } from '../update/dialogue.ts'
import type { WatchRun } from './run.ts'
import type { WatchScreen } from './screen.ts'
import type { StopSignal } from './stop-signal.ts'
import type { JoinedWorld, WatchMember } from './world.ts'

export interface RunningWatch {
  readonly world: JoinedWorld
  readonly run: WatchRun
  readonly desk: WatchDesk
  readonly screen: WatchScreen
  readonly stop: StopSignal
  /** Whether a person is asked line by line, while everything else waits. */
  readonly asks: boolean
  /** Whether nothing is polled while others have the turn everywhere: nobody looks at what would be seen. */
  readonly waits?: boolean
  /** Told of every event after it was shown. */
  readonly onEvent?: (event: WatchEvent) => void
}

/** Runs the loop until it is stopped, and shows what happens. */
export async function runWatch(running: RunningWatch): Promise<WatchSummary> {
  const { desk, onEvent, run, screen, stop } = running
  const events = watch(worldOf(running), { ...run, dryRun: run.dryRun !== 'none' }, stop.signal, desk)
  screen.start()
  try {
    let event = await events.next()
    while (!event.done) {
      screen.show(event.value)
      onEvent?.(event.value)
      event = await events.next()
    }
    screen.close(event.value)
    return event.value
  } finally {
    screen.stop()
  }
}

function worldOf(running: RunningWatch): WatchWorld {
  const { asks, run, stop, world } = running
  const { memberOf } = world
  return {
    apply: (images, asked) => world.apply(images, asked),
    barrier: (images) => world.barrier(images),
    check: (images, firstSeen) => world.check(images, firstSeen),
    keepPending: () => world.keepPending(),
    load: () => world.load(),
    idle: () => running.waits === true && world.standsBy,
    now: () => world.now(),
    pause: (milliseconds, wake) => world.pause(milliseconds, wake),
    pendingSince: (image) => world.pendingSince(image),
    ...(run.follows && { follow: (outcomes) => world.follow(outcomes) }),
    ...(world.undoes && { undo: (images, reason) => world.undo(images, reason) }),
    ...(asks && { ask: (images) => askInLines(images, memberOf, stop) }),
  }
}

async function askInLines(
  images: readonly UpdatableImage[],
  memberOf: (image: UpdatableImage) => WatchMember,
  stop: StopSignal,
): Promise<boolean> {
  const [first] = images
  if (!first) return false
  const { session } = memberOf(first)
  for (const line of gateWarnings(images)) session.note(`Warning: ${line}`)
  process.stdout.write(await writesDiff(session, images, session.paint))
  return confirm(question(session, images), stop.signal).catch((error: Error) => {
    // At a question the terminal is in raw mode: Ctrl-C arrives as an answer, not as a signal.
    if (error.name === 'ExitPromptError') stop.interrupt()
    if (stop.signal.aborted) return false
    throw error
  })
}
