import type { DryRun } from '../../lib/cluster/client.ts'
import type { ApprovalMode } from '../../lib/engine/approval.ts'
import { rivalWarnings } from '../../lib/engine/rivals.ts'
import { WatchDesk } from '../../lib/engine/watch-desk.ts'
import type { WatchEvent, WatchSummary } from '../../lib/engine/watch-event.ts'
import type { LeaseEvent } from '../../lib/engine/watch-lease.ts'
import { canAsk } from '../../lib/terminal/confirm.ts'
import { errorText } from '../../lib/terminal/error-line.ts'
import { eventText } from '../../lib/terminal/event-text.ts'
import { canShowLive } from '../../lib/terminal/live/can-show-live.ts'
import { type LeaseFlags, leaseDuration } from '../flags/lease.ts'
import { pollInterval } from '../flags/poll-interval.ts'
import { notificationsOf } from '../session/notifications.ts'
import { NOTIFY_GRACE, openNotifications } from '../session/open-notifications.ts'
import { openSessions, type SeveralContexts } from '../session/open-sessions.ts'
import { type Session, type SessionFlags, warn } from '../session/session.ts'
import { type AfterWriteFlags, UpdateCourse } from '../update/course.ts'
import { type KeptLease, keepLease } from './lease.ts'
import { LiveWatch } from './live.ts'
import type { WatchRun } from './run.ts'
import { runWatch } from './run-watch.ts'
import { lineScreen, type WatchScreen } from './screen.ts'
import { leaveAtSigterm, type StopSignal, stopSignal } from './stop-signal.ts'
import { openTelemetry, type WatchTelemetry } from './telemetry.ts'
import { JoinedWorld, type WatchMember } from './world.ts'

export interface WatchFlags
  extends Omit<SeveralContexts<SessionFlags>, 'dry-run' | 'stdinTaken'>,
    AfterWriteFlags,
    LeaseFlags {
  readonly interval: string
  readonly once: boolean
  readonly approve?: ApprovalMode | undefined
  readonly 'dry-run': DryRun
  readonly plain: boolean
  readonly 'read-only': boolean
  readonly bell: boolean
  readonly 'metrics-addr'?: string | undefined
  readonly notify?: readonly string[] | undefined
}

/** What a watch did, and how many named Applications are missing and clusters cannot be read. */
export interface WatchEnd {
  readonly summary: WatchSummary
  readonly problems: number
}

/** Said in the place of a write, while the watch only reads. */
const READ_ONLY = 'this watch only reads (--read-only)'

/** Runs the loop until Ctrl-C (or once), showing what happens, and returns what it did. */
export async function watchInForeground(names: readonly string[], flags: WatchFlags): Promise<WatchEnd> {
  const interval = pollInterval(flags.interval)
  leaseDuration(flags)
  const giveSigtermBack = leaveAtSigterm(flags.once ? 143 : 0)
  let live = false
  const stdinTaken = () => (live ? 'the live table reads the keys' : '')
  const telemetry = await openTelemetry(flags['metrics-addr'], interval)
  let sessions: readonly Session[] = []
  try {
    sessions = await openSessions({ ...flags, requests: telemetry?.requests, stdinTaken })
    giveSigtermBack()
    const [first] = sessions
    if (!first) throw new Error('a watch without a cluster')
    if (!first.forPeople) eventText(first.format)
    live =
      first.forPeople &&
      !flags.once &&
      !flags.plain &&
      canShowLive(process.stdin, process.stdout, process.env)
    const approve = flags.approve ?? (canAsk() && first.forPeople ? 'ask' : 'auto')
    const run: WatchRun = {
      approve,
      dryRun: flags['dry-run'],
      follows: !flags.once || flags.wait !== undefined || flags['rollback-on-degraded'] === true,
      interval,
      names,
      once: flags.once,
    }
    return await watchSessions(sessions, flags, run, live, telemetry)
  } finally {
    live = false
    await Promise.all([...sessions.map((session) => session.close()), telemetry?.close()])
  }
}

async function watchSessions(
  sessions: readonly Session[],
  flags: WatchFlags,
  run: WatchRun,
  live: boolean,
  telemetry: WatchTelemetry | undefined,
): Promise<WatchEnd> {
  let note = (line: string) => sessions[0]?.note(line)
  // Whoever ends a service, as the kubelet and systemd do, takes 0 for an end in good order; a job was cut short.
  const finished = run.once ? {} : { SIGTERM: 0 }
  const stop = stopSignal(() => note('Stopping; Ctrl-C again leaves at once.'), finished)
  const leases: KeptLease[] = []
  // What happens before there is a screen is shown as soon as there is one.
  const early: [LeaseEvent, string][] = []
  let turn = (event: LeaseEvent, context: string): void => {
    early.push([event, context])
  }
  let running = false
  const desk = new WatchDesk()
  const notifier = await openNotifications(flags.notify ?? [], (problem) => note(problem))
  try {
    const members: WatchMember[] = []
    for (const session of sessions) {
      const name = sessions.length > 1 ? session.target.context : ''
      const onTurn = (event: LeaseEvent) => {
        turn(event, name)
        // What waited for this is to be written now, not at the next poll. The first poll needs no order.
        if (event.type === 'acquired' && running) desk.submit({ afresh: true, type: 'poll' })
      }
      const lease = flags.lease === undefined ? undefined : await keepLease(session, flags, onTurn)
      if (lease) {
        leases.push(lease)
        telemetry?.watchLease(lease, session.target.context)
      }
      const course = new UpdateCourse(session, flags, run.dryRun, 'watch', `--approve ${run.approve}`)
      const barrier = () => (flags['read-only'] ? READ_ONLY : (lease?.barrier() ?? ''))
      const standsBy = () => lease !== undefined && !lease.held
      members.push({ barrier, course, name, session, standsBy, ...(lease && { lease: lease.name }) })
    }
    const world = new JoinedWorld(members, run, stop, {
      firstLoad: (member, { applications, imageUpdaters = [] }) =>
        tellRivals(member, applications, imageUpdaters),
      unreadable: ({ name }, error) => note(`Warning: ${name}: ${errorText(error)}`),
    })
    const screen = screenOf(members, world, desk, { flags, live, run, stop })
    note = (line) => screen.note(line)
    turn = (event, context) => screen.turn(event, context)
    for (const [event, context] of early) turn(event, context)
    if (!live && sessions[0]?.forPeople) announce(members, flags, run)
    if (telemetry) note(`metrics and probes at http://${telemetry.address}`)
    telemetry?.ready()
    const tell = (event: WatchEvent) => {
      telemetry?.follow(event)
      for (const notification of notificationsOf(event, (image) => {
        const { session } = world.memberOf(image)
        return { by: session.operator, context: session.target.context }
      }))
        notifier?.send(notification)
    }
    const asks = !live && canAsk() && members.every(({ session }) => session.forPeople)
    running = true
    const summary = await runWatch({ asks, desk, onEvent: tell, run, screen, stop, waits: !live, world })
    process.exitCode = stop.exitCode
    const problems = sessions.reduce((sum, session) => sum + session.problems.length, 0)
    return { problems: problems + world.unreadable, summary }
  } finally {
    await Promise.all([...leases.map((lease) => lease.release()), notifier?.flush(NOTIFY_GRACE)])
    stop.release()
  }
}

function screenOf(
  members: readonly WatchMember[],
  world: JoinedWorld,
  desk: WatchDesk,
  {
    flags,
    live,
    run,
    stop,
  }: {
    readonly flags: WatchFlags
    readonly live: boolean
    readonly run: WatchRun
    readonly stop: StopSignal
  },
): WatchScreen {
  const [first] = members
  const { format, forPeople, paint } = (first as WatchMember).session
  const contextOf =
    members.length > 1 ? (image: { readonly key: string }) => world.memberOf(image).name : undefined
  if (!live) return lineScreen(forPeople ? 'people' : eventText(format), paint, contextOf)
  return new LiveWatch({
    bell: flags.bell,
    desk,
    memberOf: world.memberOf,
    members,
    paint,
    readOnly: flags['read-only'],
    run,
    stop,
  })
}

function announce(members: readonly WatchMember[], flags: WatchFlags, run: WatchRun): void {
  const [first] = members
  const places = members.map(({ session }) => session.place).join(', ')
  const manner = flags['read-only'] ? 'read-only' : `approve ${run.approve}`
  first?.session.heading(`${places} · polling every ${flags.interval} · ${manner}; Ctrl-C stops`)
}

async function tellRivals(
  { lease, session }: WatchMember,
  applications: Parameters<typeof rivalWarnings>[1],
  imageUpdaters: Parameters<typeof rivalWarnings>[2],
): Promise<void> {
  for (const line of await rivalWarnings(session.engine, applications, imageUpdaters, lease)) warn(line)
}
