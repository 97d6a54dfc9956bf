import { setTimeout as sleep } from 'node:timers/promises'
import type { Application } from '../../lib/application/application.ts'
import { requestRefresh, requestSync } from '../../lib/engine/argo-requests.ts'
import type { ChosenImage } from '../../lib/engine/chosen-image.ts'
import { followApplication } from '../../lib/engine/follow.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { outcomeStyle, outcomeText } from '../../lib/terminal/followed.ts'
import type { Session } from '../session/session.ts'
import { stopSignal } from '../watch/stop-signal.ts'
import { type AfterWriteFlags, followLimit } from './course.ts'

/**
 * After a person's choice was written: asks Argo CD to act where that is wanted, and with `--wait` follows the
 * Application until it runs what was chosen.
 *
 * @param written the Application as the API server answered the write
 * @returns whether it came to that; true where nobody waits
 */
export async function followChoice(
  session: Session,
  written: Application,
  chosen: readonly ChosenImage[],
  flags: AfterWriteFlags,
): Promise<boolean> {
  const { cluster, now } = session.engine
  if (!cluster) return true
  if (flags.sync) await requestSync(cluster, written, { reason: 'chosen by a person' })
  else if (flags.refresh) await requestRefresh(cluster, written, 'normal')
  if (flags.wait === undefined) return true
  const stop = stopSignal(() => {})
  try {
    const world = {
      client: cluster,
      now,
      pause: (milliseconds: number, signal: AbortSignal) =>
        sleep(milliseconds, undefined, { signal }).catch(() => {}),
    }
    const overrides = chosen.map(({ image: { rule }, target }) => ({
      image: target,
      targets: rule.targets,
      writeBack: rule.writeBack,
    }))
    const goal = { overrides, syncRequested: flags.sync === true, written }
    let state = ''
    for await (const event of followApplication(world, goal, {
      limit: followLimit(flags.wait),
      signal: stop.signal,
    })) {
      session.note(session.paintNotes(outcomeStyle(event), printable(outcomeText(event))))
      state = event.state
    }
    return state === 'healthy'
  } finally {
    stop.release()
  }
}
