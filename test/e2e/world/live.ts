import { expect, type TestContext, vi } from 'vitest'
import { DEADLINE } from './plugin.ts'
import { openTerminal, type Terminal, type TerminalOptions } from './terminal.ts'
import type { World } from './world.ts'

/** The live table of a watch, as the person in front of it sees it. */
export interface Live extends Terminal {
  /** Resolves once the lines that are shown, normalised, satisfy it. */
  sees(check: (lines: string[]) => void): Promise<void>
  /** Resolves once the row of an Application is like this. */
  row(application: string, text: RegExp): Promise<void>
  /** Resolves once the table is back: no page, no question. */
  table(): Promise<void>
}

/** A terminal before there is anything in it. */
export const SHELL = { alternateScreen: false, cursorVisible: true, wrapsLines: true }

/** Opens `watch` with these flags, and waits for its first poll. */
export async function openLive(
  test: TestContext,
  world: World,
  args: readonly string[] = [],
  options: TerminalOptions = {},
): Promise<Live> {
  const terminal = await openTerminal(world, ['watch', ...args], options)
  test.onTestFinished(() => terminal.close())
  const sees = async (check: (lines: string[]) => void) => {
    let seen: string[] = []
    try {
      await vi.waitFor(
        async () => {
          seen = (await terminal.visible()).map((line) => normalised(line, world))
          check(seen)
        },
        { interval: 50, timeout: DEADLINE },
      )
    } catch (error) {
      throw new Error(`${error}\nThe terminal shows:\n${seen.join('\n')}`, { cause: error })
    }
  }
  const table = () => sees((lines) => expect(lines[1]).toMatch(/^ (CONTEXT {2,})?APPLICATION/))
  await sees((lines) => expect(lines[0]).toMatch(/● running$/))
  return {
    ...terminal,
    row: (application, text) =>
      sees((lines) => {
        const row = lines.find((line) => line.slice(1).startsWith(`${application} `))
        expect(row).toMatch(text)
      }),
    sees,
    table,
  }
}

/** Without what differs from run to run: names of worlds, ports, digests, times and ages. */
function normalised(line: string, world: World): string {
  return line
    .replaceAll(world.id, 'e2e-world')
    .replaceAll(world.registryHost, 'registry')
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:digest')
    .replace(/\b[0-9a-f]{12}\b/g, 'digest')
    .replace(/^ \d\d:\d\d:\d\d /, ' hh:mm:ss ')
    .replace(/next \d+m?(\d*s)? +/, 'next 2m   ')
    .replace(/\d+ req\/min +/, 'n req/min   ')
    .replace(/( {2,})(\d+m)?(\d+s)?$/, '$1next')
    .replace(/ ?… \d+s {2,}next$/, '… #s  next')
    .replace(/ \d+s {2,}next$/, ' #s  next')
    .replace(/ \d+s$/, ' #s')
    .replace(/by \S+@\S+$/, 'by me')
}
