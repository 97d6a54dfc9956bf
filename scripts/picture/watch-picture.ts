import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSandbox } from '../../src/lib/sandbox/index.ts'
import { animatedPicture, type Frame } from './animated-picture.ts'
import type { Piece } from './painted-screen.ts'
import { RecordedTerminal } from './recorded-terminal.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const SIZE = { columns: 100, rows: 24 }
const TITLE =
  'kubectl image-updater watch: a table of images; an update is approved, applied and followed until it is healthy'
/** Which frame stays where nothing moves: the table. */
const STILL = 1

/** As if it were anybody's machine: free ports have five digits, and so have these. */
function normalise(captured: string): string {
  return captured
    .replace(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:50000')
    .replaceAll(`${userInfo().username}@${hostname()}`, 'ann@laptop')
}

/** The story: what is pressed, what is seen, and how long the reader has for it. */
async function record(terminal: RecordedTerminal): Promise<Frame[]> {
  const frames: Frame[] = []
  const keep = (lines: readonly (readonly Piece[])[], duration: number) => frames.push({ duration, lines })
  await terminal.shows(/^\$ *$/m)
  await terminal.type('kubectl image-updater watch')
  keep(await terminal.shows('watch'), 1_200)
  await terminal.press('Enter')
  keep(await terminal.shows(/● running[\s\S]*approve\?[\s\S]*needs approval/), 3_500)
  for (let row = 2; row <= 5; row += 1) {
    await terminal.press('Down')
    keep(await terminal.shows(`${row}/6`), row === 5 ? 1_200 : 250)
  }
  await terminal.press('a')
  keep(await terminal.shows('Apply to shop'), 4_000)
  await terminal.type('y')
  keep(await terminal.shows(/appl(ying|ied)/), 800)
  keep(await terminal.shows(/● running[\s\S]*1\.5\.0 +1\.5\.0 +✔ applied, Healthy/), 3_500)
  await terminal.press('Enter')
  keep(await terminal.shows('Every tag'), 5_000)
  await terminal.press('Escape')
  keep(await terminal.shows('5/6'), 2_000)
  // Ended and not only closed on: it would still write files after they were taken away.
  await terminal.press('q')
  await terminal.shows(/^\$ *$/m)
  return frames
}

/** Records the built plugin in a real terminal (tmux) on the sandbox. @returns an SVG */
export async function watchPicture(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'image-updater-picture-'))
  const sandbox = await startSandbox({ directory })
  let terminal: RecordedTerminal | undefined
  try {
    const startup = join(directory, 'bashrc')
    // What kubectl does with a plugin, without kubectl.
    writeFileSync(
      startup,
      `unset HISTFILE\nPS1='$ '\nkubectl() { shift; '${process.execPath}' '${PROGRAM}' "$@"; }\n`,
    )
    terminal = await RecordedTerminal.open(['bash', '--rcfile', startup, '-i'], {
      ...SIZE,
      environment: {
        HOME: directory,
        KUBECONFIG: sandbox.kubeconfigPath,
        LANG: 'C.UTF-8',
        PATH: process.env['PATH'] ?? '',
      },
      normalise,
    })
    return animatedPicture(await record(terminal), { ...SIZE, title: TITLE }, STILL)
  } finally {
    await terminal?.close()
    await sandbox.close()
    // After a failure the program may still write its state.
    rmSync(directory, { force: true, maxRetries: 10, recursive: true, retryDelay: 100 })
  }
}
