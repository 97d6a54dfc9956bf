import { isUpdatable, type UpdatableImage } from '../../lib/engine/checked-image.ts'
import { type BoardRow, WatchBoard } from '../../lib/engine/watch-board.ts'
import type { WatchDesk } from '../../lib/engine/watch-desk.ts'
import { isTold, type WatchEvent, type WatchSummary } from '../../lib/engine/watch-event.ts'
import type { LeaseEvent } from '../../lib/engine/watch-lease.ts'
import { UserError } from '../../lib/errors.ts'
import { actionText, imageName } from '../../lib/terminal/checked-images.ts'
import type { Paint } from '../../lib/terminal/colour.ts'
import { errorText } from '../../lib/terminal/error-line.ts'
import { leaseLine } from '../../lib/terminal/lease-lines.ts'
import type { LiveAction } from '../../lib/terminal/live/bindings.ts'
import type { LiveHeader } from '../../lib/terminal/live/live-row.ts'
import { LiveView } from '../../lib/terminal/live/live-view.ts'
import { paintedLines } from '../../lib/terminal/live/painted-text.ts'
import { watchLines, watchSummaryText } from '../../lib/terminal/watch-lines.ts'
import { WatchRows } from '../../lib/terminal/watch-rows.ts'
import { RequestRate } from '../flags/request-rate.ts'
import {
  approvalQuestion,
  type ControlChange,
  diffText,
  explanationText,
  historyText,
  holdRow,
  isRowHeld,
  resumeRow,
  skippedOf,
  skipRow,
} from './live-actions.ts'
import type { WatchRun } from './run.ts'
import type { StopSignal } from './stop-signal.ts'
import type { WatchMember } from './world.ts'

export interface LiveWatchOptions {
  readonly run: WatchRun
  readonly members: readonly WatchMember[]
  readonly memberOf: (image: { readonly key: string }) => WatchMember
  readonly desk: WatchDesk
  readonly stop: StopSignal
  readonly paint: Paint
  readonly readOnly: boolean
  /** Whether the terminal rings when a person is needed. */
  readonly bell: boolean
}

const ASKING = 'Asking the cluster and the registry …'

/** The live table of a watch: events are shown, keys become orders. */
export class LiveWatch {
  readonly #options: LiveWatchOptions
  readonly #view: LiveView
  readonly #board = new WatchBoard()
  readonly #rows: WatchRows
  readonly #rate = new RequestRate()
  /** Absent where there is one cluster only. */
  readonly #contextOf: ((image: { readonly key: string }) => string) | undefined
  #phase: LiveHeader['phase'] = 'polling'
  #nextPoll: Date | undefined
  /** Whether a question about a write is on its way to the screen. */
  #asking = false
  /** What stands in the place of rows before there are any; undefined where there are none. */
  #nothing: string | undefined = ASKING

  constructor(options: LiveWatchOptions) {
    const { members, paint, readOnly, stop } = options
    this.#options = options
    this.#contextOf = members.length > 1 ? (image) => options.memberOf(image).name : undefined
    this.#view = new LiveView({ environment: process.env, paint, readOnly })
    this.#rows = new WatchRows({
      contextOf: ({ image }) => options.memberOf(image).name,
      severalNamespaces: members.some(({ session }) => session.severalNamespaces),
    })
    this.#view.onKey((action) => {
      this.#act(action).catch((error: unknown) => this.#trouble(error))
    })
    stop.signal.addEventListener('abort', () => {
      this.#phase = 'stopping'
      this.#refresh()
    })
  }

  start(): void {
    this.#view.start()
    this.#refresh()
  }

  show(event: WatchEvent): void {
    this.#board.follow(event)
    if (event.type === 'polling') this.#phase = 'polling'
    if (event.type === 'cycle') this.#nothing = undefined
    if (event.type === 'cycle-failed') this.#nothing = errorText(event.error)
    if (event.type === 'cycle' || event.type === 'cycle-failed') {
      this.#phase = 'running'
      this.#nextPoll = event.nextAt
    }
    if (event.type === 'paused') this.#phase = 'paused'
    if (event.type === 'resumed') this.#phase = 'running'
    if (this.#options.stop.signal.aborted) this.#phase = 'stopping'
    if (event.type === 'followed' && event.outcome.state === 'healthy') this.#pollAgain(event.images)
    if (event.type === 'apply-failed') this.#view.notice(`not applied: ${errorText(event.error)}`)
    if (this.#options.bell && wantsPerson(event)) this.#view.bell()
    this.#log(event)
    this.#refresh()
  }

  turn(event: LeaseEvent, context: string): void {
    this.note(leaseLine(event, context))
  }

  note(line: string): void {
    this.#view.log(line, 'info')
    // It may be about who has the lease, which the first line says as well.
    this.#refresh()
  }

  /** Gives the terminal back, and leaves there what the watch did. */
  close(summary: WatchSummary): void {
    this.#view.stop()
    process.stdout.write(watchSummaryText(summary, new Date(), this.#options.paint, this.#contextOf))
  }

  /** Gives the terminal back, whatever happened. */
  stop(): void {
    this.#view.stop()
  }

  /** The table says what runs, and whether the next image of the same Application may follow. */
  #pollAgain(images: readonly UpdatableImage[]): void {
    const settled = new Set(images.map((image) => this.#applicationOf(image)))
    const rows = this.#board.rows.filter(({ image }) => settled.has(this.#applicationOf(image)))
    this.#options.desk.submit({ keys: rows.map(({ image }) => image.key), type: 'poll' })
  }

  #log(event: WatchEvent): void {
    // The table shows what a poll finds; the log is for what happens.
    if (!isTold(event) || event.type === 'cycle') return
    const options = { stamped: false, ...(this.#contextOf && { contextOf: this.#contextOf }) }
    for (const line of watchLines(event, this.#options.paint, options)) {
      for (const painted of paintedLines(line)) this.#view.log(painted)
    }
  }

  #refresh(): void {
    const { members, run } = this.#options
    const rows = this.#board.rows
    const sent = members.flatMap(({ session }) => [...session.engine.registry.requests.values()])
    this.#rate.note(
      Date.now(),
      sent.reduce((sum, count) => sum + count, 0),
    )
    const notes = [
      ...(run.dryRun === 'none' ? [] : ['dry run']),
      ...members.flatMap((member) => member.barrier() || []),
    ]
    this.#view.setRows(this.#rows.liveRows(rows))
    this.#view.setHeader({
      applications: new Set(rows.map(({ image }) => this.#applicationOf(image))).size,
      images: rows.length,
      ...(this.#nothing !== undefined && { nothing: this.#nothing }),
      notes: this.#options.readOnly ? notes.filter((note) => note === 'dry run') : notes,
      phase: this.#phase,
      place: members
        .map(({ session: { target } }) => `${target.context}/${target.namespace || '*'}`)
        .join(' '),
      pollInterval: run.interval,
      requestsPerMinute: this.#rate.perMinute,
      ...(this.#nextPoll && this.#phase === 'running' && { nextPoll: this.#nextPoll }),
    })
  }

  async #act(action: LiveAction): Promise<void> {
    const { desk, stop } = this.#options
    switch (action.kind) {
      case 'interrupt':
        return stop.interrupt()
      case 'hang-up':
        return void process.emit('SIGHUP')
      case 'quit':
        return stop.request()
      case 'poll-now':
        if (this.#phase === 'paused') return this.#view.notice('paused: p goes on')
        return desk.submit({ type: 'poll' })
      case 'pause':
        return desk.submit({ type: this.#phase === 'paused' ? 'resume' : 'pause' })
      case 'approve-all':
        return this.#approveAll(action.shown.map(({ key }) => key))
    }
    const row = this.#board.row(action.row.key)
    if (!row) return
    switch (action.kind) {
      case 'approve':
        return this.#approve(row)
      case 'diff':
        return this.#page(row, 'diff', diffText(row, this.#memberOf(row), this.#options.paint))
      case 'explain': {
        const width = (process.stdout.columns ?? 80) - 2
        return this.#page(
          row,
          'explain',
          explanationText(row, this.#memberOf(row), this.#options.paint, width),
        )
      }
      case 'history':
        return this.#page(row, 'history', historyText(row, this.#memberOf(row)))
      case 'hold':
        return this.#hold(row)
      case 'skip':
        return this.#skip(row)
    }
  }

  async #approve(row: BoardRow): Promise<void> {
    if (!isUpdatable(row.image)) {
      this.#view.notice(`nothing to approve: ${actionText(row.image)}`)
      return
    }
    await this.#ask([row.image])
  }

  async #approveAll(keys: readonly string[]): Promise<void> {
    const images = keys.flatMap((key) => {
      const row = this.#board.row(key)
      return row?.state.kind === 'pending' && isUpdatable(row.image) ? [row.image] : []
    })
    if (images.length === 0) this.#view.notice('nothing shown waits for approval')
    else await this.#ask(images)
  }

  /** One yes, for just what is shown: a change by somebody else meanwhile is told instead of overwritten. */
  async #ask(images: readonly UpdatableImage[]): Promise<void> {
    const { desk, memberOf, paint } = this.#options
    if (images.map(memberOf).some((member) => this.#isBarred(member))) return
    // The digests may have to be asked for: a second press must not ask for them, and the person, twice.
    if (this.#asking) return
    this.#asking = true
    this.#view.notice(ASKING)
    const { question, text } = await approvalQuestion(images, memberOf, paint).finally(() => {
      this.#asking = false
    })
    const title = images.length === 1 ? 'Approve' : `Approve ${images.length} updates`
    const yes = await this.#view.ask({ lines: paintedLines(text), question, title })
    if (yes) desk.submit({ images, type: 'apply' })
    else this.#view.notice('nothing was written')
  }

  async #hold(row: BoardRow): Promise<void> {
    const member = this.#memberOf(row)
    if (this.#isBarred(member)) return
    const where = member.session.engine.applications.whereIs(row.image.application)
    if (isRowHeld(row, member.session.engine.now())) {
      const question = `Resume ${titleOf(row)} ${where}?`
      if (await this.#view.ask({ lines: [actionText(row.image)], question, title: 'Resume' })) {
        await this.#control(row, await resumeRow(row, member))
      }
      return
    }
    const reason = await this.#view.input({ label: `Hold ${titleOf(row)} ${where}. Why (Enter: no reason)` })
    if (reason !== undefined) await this.#control(row, await holdRow(row, member, reason.trim()))
  }

  async #skip(row: BoardRow): Promise<void> {
    const tag = skippedOf(row)
    if (tag === undefined) {
      this.#view.notice(`nothing to skip: ${actionText(row.image)}`)
      return
    }
    const member = this.#memberOf(row)
    if (this.#isBarred(member)) return
    const where = member.session.engine.applications.whereIs(row.image.application)
    const lines = ['Nobody is offered it again. The next newer tag is offered.']
    const question = `Skip ${tag} for ${titleOf(row)} ${where}?`
    if (await this.#view.ask({ lines, question, title: 'Skip' })) {
      await this.#control(row, await skipRow(row, member))
    }
  }

  async #control(row: BoardRow, { done, write }: ControlChange): Promise<void> {
    const { desk, run } = this.#options
    const member = this.#memberOf(row)
    if (this.#isBarred(member)) return
    const { session } = member
    if (write) await session.engine.applications.write(write, { dryRun: run.dryRun })
    this.#view.log(`${done}${run.dryRun === 'none' ? '' : ' (dry run)'}`, 'good')
    desk.submit({ keys: [row.image.key], type: 'poll' })
  }

  /** Whether nothing may be written there just now; then it says why. */
  #isBarred(member: WatchMember): boolean {
    const barred = member.barrier()
    if (barred !== '') this.#view.notice(`nothing is written: ${barred}`)
    return barred !== ''
  }

  /** A poll of some images reads their Application anew: it is the same one all the same. */
  #applicationOf(image: BoardRow['image']): string {
    const { name, namespace = '' } = image.application.metadata
    return `${this.#options.memberOf(image).name} ${namespace}/${name}`
  }

  #memberOf({ image }: BoardRow): WatchMember {
    return this.#options.memberOf(image)
  }

  /** A page at once, its text as soon as it is there. */
  async #page(row: BoardRow, what: string, text: string | Promise<string>): Promise<void> {
    const lines = typeof text === 'string' ? paintedLines(text) : [ASKING]
    const page = this.#view.showPage(titleOf(row, what), lines)
    try {
      if (typeof text !== 'string') page.setLines(paintedLines(await text))
    } catch (error) {
      page.close()
      throw error
    }
  }

  /** What a person did wrong, or what the cluster refused, is a line; anything else is a defect. */
  #trouble(error: unknown): void {
    if (error instanceof UserError) {
      this.#view.notice(errorText(error))
      this.#view.log(errorText(error), 'bad')
      return
    }
    throw error
  }
}

function titleOf({ image }: BoardRow, what = ''): string {
  return `${image.application.metadata.name}/${imageName(image)}${what === '' ? '' : ` · ${what}`}`
}

function wantsPerson(event: WatchEvent): boolean {
  if (event.type === 'followed') return event.outcome.state === 'degraded' || event.outcome.state === 'failed'
  return event.type === 'pending' || event.type === 'apply-failed'
}
