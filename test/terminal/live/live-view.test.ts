import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveAction } from '../../../src/lib/terminal/live/bindings.ts'
import { canShowLive } from '../../../src/lib/terminal/live/can-show-live.ts'
import type { LiveView, LiveViewOptions } from '../../../src/lib/terminal/live/live-view.ts'
import { ENTER, FakeTerminal, LEAVE } from './fake-terminal.ts'
import { HEADER, manyRows, NOW, ROWS } from './rows.ts'

beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.useRealTimers())

interface Started {
  readonly terminal: FakeTerminal
  readonly view: LiveView
  readonly actions: LiveAction[]
  /** Lets time pass until the next frame is drawn. @returns what it wrote */
  readonly frame: () => string
  /** Presses keys as a person does: each after what the one before changed was drawn. */
  readonly press: (...bytes: string[]) => string
}

function start(options: Partial<LiveViewOptions> = {}): Started {
  const terminal = new FakeTerminal()
  const view = terminal.view(options)
  const actions: LiveAction[] = []
  view.onKey((action) => actions.push(action))
  view.setHeader(HEADER)
  view.setRows(ROWS)
  view.start()
  const frame = () => {
    vi.advanceTimersByTime(60)
    return terminal.take()
  }
  const press = (...bytes: string[]) => {
    let written = ''
    for (const one of bytes) {
      terminal.type(one)
      written = frame()
    }
    return written
  }
  return { actions, frame, press, terminal, view }
}

/** Kinds with the row that they are about. */
function told(actions: readonly LiveAction[]): string[] {
  return actions.map((action) => `${action.kind}${'row' in action ? ` ${action.row?.key}` : ''}`)
}

describe('keys are told as actions', () => {
  it.each([
    ['\r', 'explain'],
    ['a', 'approve'],
    ['A', 'approve-all'],
    ['s', 'skip'],
    ['h', 'hold'],
    ['d', 'diff'],
    ['H', 'history'],
    ['r', 'poll-now'],
    ['p', 'pause'],
    ['q', 'quit'],
  ])('%j is %s, of the selected row', (bytes, kind) => {
    const { press, actions } = start()
    press('j', bytes)
    expect(told(actions)).toEqual([`${kind} shop/web`])
  })

  it('Ctrl-C is an interrupt wherever one is', () => {
    const { press, actions, view } = start()
    press('\u0003')
    press('/', '\u0003')
    view.showPage('', [])
    press('\u0003')
    expect(told(actions)).toEqual(['interrupt', 'interrupt', 'interrupt'])
  })

  it('approving all means the rows that are shown', () => {
    const { press, actions } = start()
    press('/', 'shop', '\r', 'A')
    expect(actions).toMatchObject([
      { kind: 'approve-all', shown: [{ key: 'shop/web' }, { key: 'shop/api' }] },
    ])
  })

  it('none is invented where there is no row', () => {
    const { press, actions, view } = start()
    view.setRows([])
    expect(press('a')).toContain('There is no row to do this with.')
    press('A')
    expect(actions).toEqual([{ kind: 'approve-all', shown: [] }])
  })

  it.each(['a', 'A', 's', 'h'])('a read-only watch answers %s with a message', (bytes) => {
    const { press, actions } = start({ readOnly: true })
    expect(press(bytes)).toContain('This watch is read-only')
    expect(actions).toEqual([])
    press('d', 'r')
    expect(told(actions)).toEqual([`diff ${ROWS[0]?.key}`, `poll-now ${ROWS[0]?.key}`])
  })

  it('a paste presses no key of the table', () => {
    const { press, actions } = start()
    press('\u001b[200~aAshq\r\u001b[201~')
    expect(actions).toEqual([])
  })
})

describe('the view itself', () => {
  it('opens and closes the help', () => {
    const { press, actions } = start()
    expect(press('?')).toContain('approve the update of the row')
    expect(press('q')).toContain('gitop…-prod')
    expect(actions).toEqual([])
  })

  it('shows what a read-only watch cannot do', () => {
    expect(start({ readOnly: true }).press('?')).toContain(
      'hold the image, or resume it (not in a read-only watch)',
    )
  })

  it('shows and hides the log', () => {
    const { press, view, frame } = start()
    view.log('shop/web applied', 'good')
    expect(frame()).toContain('14:02:11  shop/web applied')
    expect(press('l')).not.toContain('shop/web applied')
    expect(press('l')).toContain('shop/web applied')
  })

  it('shows a page until it is closed, by either side', () => {
    const { view, frame, press } = start()
    frame()
    const page = view.showPage('billing · app', ['…'])
    expect(frame()).toContain('billing · app')
    page.setLines(['Rule  semver'])
    expect(frame()).toContain('Rule  semver')
    page.close()
    expect(frame()).toContain(' APPLICATION')
    view.showPage('again', [])
    frame()
    expect(press('q')).toContain(' APPLICATION')
  })

  it('shows a notice until the next key, or for five seconds', () => {
    const { view, frame, press } = start()
    view.notice('polled a moment ago')
    expect(frame()).toContain('polled a moment ago')
    expect(press('j')).toContain('q quit')
    view.notice('polled a moment ago')
    frame()
    vi.advanceTimersByTime(6_000)
    expect(frame()).toContain('q quit')
  })

  it('rings the bell', () => {
    const { view, terminal } = start()
    terminal.take()
    view.bell()
    expect(terminal.take()).toBe('\u0007')
  })
})

describe('questions', () => {
  const QUESTION = { lines: ['- 1.4.2', '+ 1.5.0'], question: 'Apply to shop in prod-eu?', title: 'Approve' }

  it.each([
    ['y', true],
    ['n', false],
    ['\r', false],
    ['\u001b', false],
  ])('%j answers %s', async (bytes, answer) => {
    const { view, frame, press } = start()
    const asked = view.ask(QUESTION)
    expect(frame()).toContain('Apply to shop in prod-eu?')
    expect(press(bytes)).toContain(' APPLICATION')
    expect(await asked).toBe(answer)
  })

  it('what was typed before a question was seen does not answer it', async () => {
    const { view, frame, press, terminal } = start()
    const first = view.ask(QUESTION)
    terminal.type('y')
    frame()
    const second = view.ask({ ...QUESTION, question: 'Apply to billing?' })
    terminal.type('yy')
    expect(await first).toBe(true)
    expect(frame()).toContain('Apply to billing?')
    press('n')
    expect(await second).toBe(false)
  })

  it('Ctrl-C and the end answer no', async () => {
    const { view, press, frame, actions } = start()
    const interrupted = view.ask(QUESTION)
    frame()
    press('\u0003')
    expect(await interrupted).toBe(false)
    expect(told(actions)).toEqual(['interrupt'])
    const stopped = view.ask(QUESTION)
    view.stop()
    expect(await stopped).toBe(false)
    expect(await view.ask(QUESTION)).toBe(false)
  })

  it('a line of text is typed below the table; Escape gives none', async () => {
    const { view, frame, press } = start()
    const reason = view.input({ initial: 'freeze', label: 'Why hold shop/web' })
    expect(frame()).toContain('Why hold shop/web: freeze')
    press(' until', '\u001b[200~ May\n\u001b[201~', '\r')
    expect(await reason).toBe('freeze until May')
    const none = view.input({ label: 'Why' })
    frame()
    press('\u001b')
    expect(await none).toBeUndefined()
  })
})

describe('drawing', () => {
  it('writes only the lines that changed, as one synchronized update', () => {
    const { frame, press, view } = start()
    frame()
    const [begin, end] = ['\u001b[?2026h', '\u001b[?2026l']
    const written = press('j')
    expect(written.startsWith(begin) && written.endsWith(end)).toBe(true)
    expect(written.match(/\u001b\[\d+;1H/g)).toEqual(['\u001b[3;1H', '\u001b[4;1H', '\u001b[24;1H'])
    view.setRows([...ROWS])
    expect(frame()).toBe('')
  })

  it('puts many changes into one frame, and asks for the clock once a second', () => {
    const { frame, view, terminal } = start()
    frame()
    for (const row of manyRows(100)) view.log(row.application)
    expect(frame().match(/\u001b\[\?2026h/g)).toHaveLength(1)
    terminal.take()
    vi.advanceTimersByTime(1_000)
    expect(terminal.take()).toContain('next 71s')
  })

  it('draws everything again in a new size', () => {
    const { frame, terminal } = start()
    frame()
    Object.assign(terminal.output, { columns: 120, rows: 30 })
    terminal.output.emit('resize')
    const written = frame()
    expect(written).toContain('\u001b[2J')
    expect(written).toContain('\u001b[30;1H')
  })

  it('waits for a slow line instead of sending frames after it', () => {
    const { frame, terminal, view } = start()
    frame()
    terminal.output.writableNeedDrain = true
    view.log('one')
    vi.advanceTimersByTime(5_000)
    expect(terminal.take()).toBe('')
    terminal.output.writableNeedDrain = false
    terminal.output.emit('drain')
    expect(frame()).toContain('one')
  })

  it('shows the cursor only where one types', () => {
    const { press } = start()
    expect(press('/')).toContain('\u001b[24;3H\u001b[?25h')
    expect(press('s')).toContain('\u001b[24;4H\u001b[?25h')
    expect(press('\r')).toContain('\u001b[?25l')
  })
})

describe('the terminal is given back', () => {
  it('by stop, once, and taken again by start', () => {
    const { view, terminal } = start()
    expect(terminal.takeEvents()).toEqual(['raw', 'resume', 'enter'])
    view.stop()
    view.stop()
    expect(terminal.takeEvents()).toEqual(['pause', 'cooked', 'leave'])
    expect(terminal.take().endsWith(LEAVE)).toBe(true)
    expect(terminal.process.eventNames()).toEqual([])
    vi.advanceTimersByTime(5_000)
    expect(terminal.take()).toBe('')
    view.start()
    expect(terminal.take()).toContain(ENTER)
    expect(terminal.output.listenerCount('error')).toBe(1)
  })

  it.each(['exit', 'uncaughtExceptionMonitor'])('at %s', (event) => {
    const { terminal } = start()
    terminal.process.emit(event)
    expect(terminal.take().endsWith(LEAVE)).toBe(true)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT'])(
    'at %s, which then ends the process as it does elsewhere',
    (signal) => {
      const { terminal } = start()
      terminal.takeEvents()
      terminal.process.emit(signal)
      expect(terminal.takeEvents()).toEqual(['pause', 'cooked', 'leave', `kill 4711 ${signal}`])
    },
  )

  it('not at a signal that somebody else sees to: they stop the view in time', () => {
    const { terminal } = start()
    terminal.takeEvents()
    terminal.process.on('SIGTERM', () => {})
    terminal.process.emit('SIGTERM')
    expect(terminal.takeEvents()).toEqual([])
  })

  it.each<[string, (terminal: FakeTerminal) => void]>([
    ['SIGHUP', ({ process }) => process.emit('SIGHUP')],
    ['the end of the keyboard', ({ input }) => input.emit('end')],
    ['a keyboard that cannot be read', ({ input }) => input.emit('error', new Error('EIO'))],
    ['a screen that cannot be written', ({ output }) => output.emit('error', new Error('EPIPE'))],
  ])('at %s, which is told as a hang-up, once', (_name, hangUp) => {
    const { terminal, actions } = start()
    hangUp(terminal)
    terminal.input.emit('close')
    terminal.output.emit('error', new Error('EIO'))
    expect(told(actions)).toEqual(['hang-up'])
    expect(terminal.events.at(-1)).toBe('leave')
  })

  it('at a SIGHUP that somebody else sees to: they are not told twice', () => {
    const { terminal, actions } = start()
    terminal.process.on('SIGHUP', () => {})
    terminal.process.emit('SIGHUP')
    terminal.input.emit('error', new Error('EIO'))
    expect(terminal.events.at(-1)).toBe('leave')
    expect(told(actions)).toEqual([])
  })

  it('at a hang-up that nobody listens to, which ends the process', () => {
    const terminal = new FakeTerminal()
    const view = terminal.view()
    view.start()
    terminal.process.emit('SIGHUP')
    expect(terminal.events.slice(-2)).toEqual(['leave', 'kill 4711 SIGHUP'])
  })

  it.each<[string, (terminal: FakeTerminal) => void]>([
    [
      'an exception',
      () => {
        throw new Error('EIO')
      },
    ],
    ['an event', ({ input }) => input.emit('error', new Error('EIO'))],
  ])('also when it is so far gone that its modes cannot be set, which is told by %s', (_name, fail) => {
    const { terminal, actions } = start()
    terminal.input.setRawMode = () => {
      fail(terminal)
      return 0
    }
    terminal.process.emit('SIGHUP')
    expect(terminal.events.filter((event) => event === 'leave')).toEqual(['leave'])
    expect(told(actions)).toEqual(['hang-up'])
  })
})

describe('suspending', () => {
  it('gives the terminal to the shell, and takes it and draws everything when it goes on', () => {
    const { press, terminal, frame } = start()
    frame()
    terminal.takeEvents()
    terminal.type('\u001a')
    expect(terminal.takeEvents()).toEqual(['pause', 'cooked', 'leave', 'kill 0 SIGTSTP'])
    terminal.take()
    terminal.process.emit('SIGCONT')
    expect(terminal.takeEvents()).toEqual(['raw', 'resume', 'enter', 'kill 4711 SIGWINCH'])
    expect(frame()).toContain('\u001b[24;1H')
    expect(press('j')).not.toBe('')
  })

  it('goes on where no shell can stop it', () => {
    const { terminal, frame } = start()
    frame()
    terminal.type('\u001a')
    terminal.take()
    vi.advanceTimersByTime(300)
    expect(terminal.take()).toContain(ENTER)
  })

  it('is asked for from outside in the same way, and more than once', () => {
    const { terminal } = start()
    for (let time = 0; time < 2; time += 1) {
      terminal.takeEvents()
      terminal.process.emit('SIGTSTP')
      expect(terminal.takeEvents()).toContain('kill 0 SIGTSTP')
      terminal.process.emit('SIGCONT')
    }
  })

  it('after a stop without notice sets the modes again, which the shell has changed', () => {
    const { terminal, press } = start()
    terminal.takeEvents()
    terminal.process.emit('SIGCONT')
    expect(terminal.takeEvents()).toEqual(['cooked', 'raw', 'resume', 'enter', 'kill 4711 SIGWINCH'])
    expect(press('j')).not.toBe('')
    expect(terminal.input.listenerCount('data')).toBe(1)
  })

  it('is not known on Windows', () => {
    const terminal = new FakeTerminal()
    terminal.process.platform = 'win32'
    terminal.view().start()
    terminal.takeEvents()
    terminal.type('\u001a')
    expect(terminal.takeEvents()).toEqual([])
  })
})

describe('what others write', () => {
  it('goes to the log line by line, in its colours, and to its stream again afterwards', () => {
    const passed: string[] = []
    const stream = { write: (text: string) => passed.push(text) > 0 }
    const original = stream.write
    const { view, frame } = start({ captured: [stream, stream] })
    frame()
    stream.write('half a ')
    expect(frame()).not.toContain('half')
    stream.write('\u001b[31mline\u001b[39m\u001b[2J\nand another\n')
    const written = frame()
    expect(written).toContain('half a line^[[2J')
    expect(written).toContain('and another')
    view.stop()
    expect(stream.write).toBe(original)
    stream.write('bye')
    expect(passed).toEqual(['bye'])
  })

  it('is acknowledged as a stream does', async () => {
    const stream = { write: (_chunk: Buffer, _encoding: string, _done: () => void): boolean => false }
    start({ captured: [stream] })
    const { promise, resolve } = Promise.withResolvers<void>()
    expect(stream.write(Buffer.from('x\n'), 'utf8', resolve)).toBe(true)
    await promise
  })
})

describe('canShowLive', () => {
  const [yes, no] = [{ isTTY: true }, {}]
  it.each([
    ['a terminal', yes, yes, { TERM: 'xterm' }, true],
    ['a Windows console', yes, yes, {}, true],
    ['a terminal for lines', yes, yes, { TERM: 'dumb' }, false],
    ['a pipe behind it', yes, no, { TERM: 'xterm' }, false],
    ['a pipe before it', no, yes, { TERM: 'xterm' }, false],
  ])('%s', (_name, input, output, environment, expected) => {
    expect(canShowLive(input, output, environment)).toBe(expected)
  })
})
