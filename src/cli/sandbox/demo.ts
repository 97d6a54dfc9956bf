import { WatchDesk } from '../../lib/engine/watch-desk.ts'
import type { WatchEvent } from '../../lib/engine/watch-event.ts'
import type { Sandbox } from '../../lib/sandbox/index.ts'
import { MOVING_IMAGE } from '../../lib/sandbox/index.ts'
import type { ColourMode } from '../../lib/terminal/colour.ts'
import { openSession } from '../session/session.ts'
import { UpdateCourse } from '../update/course.ts'
import type { WatchRun } from '../watch/run.ts'
import { runWatch } from '../watch/run-watch.ts'
import { lineScreen } from '../watch/screen.ts'
import type { StopSignal } from '../watch/stop-signal.ts'
import { JoinedWorld } from '../watch/world.ts'

/** Everything here is on loopback, so it may be asked more often than a real registry. */
const INTERVAL = 3_000
/** Polls after which `--keep` pushes again. */
const POLLS_BETWEEN_PUSHES = 5

/**
 * The main job before one's eyes: `watch` runs, "CI" pushes a new production tag, the change is seen and
 * applied, the Pods follow. Ends once everything is up to date, or at Ctrl-C with `keep`.
 */
export async function demonstrate(
  sandbox: Sandbox,
  options: { readonly color: ColourMode; readonly keep: boolean },
  stop: StopSignal,
): Promise<void> {
  const session = await openSession({ color: options.color, kubeconfig: sandbox.kubeconfigPath, v: 0 })
  try {
    session.note(
      `A trial world on this machine: API server ${sandbox.server}, registry ${sandbox.registryHost}.`,
    )
    session.note(`watch polls every ${INTERVAL / 1000}s here, and applies without asking.\n`)
    const director = new Director(sandbox, options.keep, (line) => session.note(line), stop)
    const run: WatchRun = {
      approve: 'auto',
      dryRun: 'none',
      follows: false,
      interval: INTERVAL,
      names: [],
      once: false,
    }
    const course = new UpdateCourse(session, {}, 'none', 'watch', '--approve auto')
    await runWatch({
      asks: false,
      desk: new WatchDesk(),
      onEvent: (event) => director.follow(event),
      run,
      screen: lineScreen('people', session.paint, undefined),
      stop,
      world: new JoinedWorld([{ barrier: () => '', course, name: '', session }], run, stop),
    })
  } finally {
    await session.close()
  }
}

/** Plays CI: pushes when the watch has nothing left to do, and ends the show when it has followed. */
class Director {
  readonly #sandbox: Sandbox
  readonly #keep: boolean
  readonly #note: (line: string) => void
  readonly #stop: StopSignal
  #pushed = false
  #pollsSincePush = 0

  constructor(sandbox: Sandbox, keep: boolean, note: (line: string) => void, stop: StopSignal) {
    this.#sandbox = sandbox
    this.#keep = keep
    this.#note = note
    this.#stop = stop
  }

  follow(event: WatchEvent): void {
    if (event.type !== 'cycle') return
    const busy = event.images.some(
      (image) =>
        image.state === 'decided' && (image.decision.kind === 'update' || image.decision.kind === 'rolling'),
    )
    if (busy) return
    this.#pollsSincePush += 1
    if (!this.#pushed || (this.#keep && this.#pollsSincePush >= POLLS_BETWEEN_PUSHES)) this.#push()
    else if (!this.#keep) this.#stop.request()
  }

  #push(): void {
    this.#pushed = true
    this.#pollsSincePush = 0
    const { repository, tag } = MOVING_IMAGE
    const digest = this.#sandbox.push(repository, tag)
    this.#note(`          CI pushes ${repository}:${tag}, now ${digest.slice(0, 19)}`)
  }
}
