import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { watchPicture } from '../../scripts/picture/watch-picture.ts'
import { needs } from '../e2e/world/requirement.ts'

/** What the story says right after the yes: how far the write is by then is a matter of moments. */
const ON_THE_WAY = 7

/** The lines of each frame above its log, without what varies from run to run. */
function screens(picture: string): string[][] {
  return [...picture.matchAll(/<g class="f" id="f\d+">\n([\s\S]*?)\n<\/g>/g)].map(([, drawn = '']) => {
    const lines = new Map<string, string>()
    for (const [, top = '', text = ''] of drawn.matchAll(/ y="(\d+)" [^>]*>([^<]*)<\/text>/g)) {
      lines.set(top, `${lines.get(top) ?? ''} ${text}`)
    }
    const texts = [...lines.values()].map(masked)
    const log = texts.findIndex((line) => /^ ─+$/.test(line))
    return log < 0 ? texts : [...texts.slice(0, log), ...texts.slice(-1)]
  })
}

function masked(line: string): string {
  return line
    .replace(/…[0-9a-f]{7}\b|\b[0-9a-f]{12}\b|sha256:[0-9a-f]+|^ [0-9a-f]+$/g, '<digest>')
    .replace(/ "sha256-\S*/g, ' <signature>')
    .replace(/\b(?:\d+[dhms]){1,2}\b/g, '<age>')
    .replace(/\b\d+ (req\/min|requests)/, '<n> $1')
}

it('the picture in the documents shows what the program shows now', { timeout: 120_000 }, async (test) => {
  needs('tmux', test)
  const shown = screens(readFileSync(new URL('../../docs/pictures/watch.svg', import.meta.url), 'utf8'))
  const now = screens(await watchPicture())
  expect(shown.flat()).toContain(' shop web 1.4.2 1.5.0 ◆ approve? <age> <age>')
  expect(now.toSpliced(ON_THE_WAY, 1), 'npm run picture records it anew').toEqual(
    shown.toSpliced(ON_THE_WAY, 1),
  )
})
