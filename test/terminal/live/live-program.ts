import { appendFileSync } from 'node:fs'
import { chooseColour } from '../../../src/lib/terminal/colour.ts'
import { LiveView } from '../../../src/lib/terminal/live/live-view.ts'
import { HEADER, manyRows, ROWS } from './rows.ts'

// A program with a live screen and nothing behind it: `node live-program.ts DIARY [read-only]`. What it is asked for
// is noted in the diary, for the time when there is no screen any more.
const [, , diary = '', manner] = process.argv
const note = (text: string) => appendFileSync(diary, `${text}\n`)
const view = new LiveView({
  environment: process.env,
  paint: chooseColour('auto', process.stdout, process.env),
  readOnly: manner === 'read-only',
})

function leave(exitCode: number): void {
  view.stop()
  note('left')
  process.stdout.write(`Stopped with ${exitCode}.\n`)
  process.exitCode = exitCode
}

view.onKey(async (action) => {
  note('row' in action && action.row ? `${action.kind} ${action.row.key}` : action.kind)
  switch (action.kind) {
    case 'explain':
      view.showPage(
        `${action.row.application} · ${action.row.image}`,
        manyRows(100).map(({ key }) => `tag of ${key}`),
      )
      break
    case 'approve': {
      const question = `Apply ${action.row.available} to ${action.row.application} in prod-eu?`
      note(`approved: ${await view.ask({ lines: ['- before', '+ after'], question, title: 'Approve' })}`)
      break
    }
    case 'hold':
      note(`reason: ${await view.input({ label: 'Why' })}`)
      break
    case 'poll-now':
      process.stderr.write('(node:1) Warning: something was deprecated\n')
      break
    case 'skip':
      process.exit(3)
      break
    case 'history':
      throw new Error('thrown in the middle of a screen')
    case 'quit':
      leave(0)
      break
    case 'interrupt':
      leave(130)
      break
    case 'hang-up':
      leave(129)
      break
  }
})
view.setHeader({ ...HEADER, nextPoll: new Date(Date.now() + 3_600_000), place: `process ${process.pid}` })
view.setRows(ROWS)
view.start()
view.log('started')
