import { humanDuration } from '../../age.ts'
import { amount } from '../../amount.ts'
import type { LiveHeader } from './live-row.ts'
import { type Span, spansWidth, splitLine, type Tone } from './live-text.ts'
import type { Look } from './look.ts'
import { cutMiddle, displayWidth } from './width.ts'

const TITLE = 'image-updater'
const GAP = '   '
/** So much of the place is worth more than any other fact. */
const PLACE_WIDTH = 24
const PHASE_TONES: Readonly<Record<LiveHeader['phase'], Tone>> = {
  running: 'good',
  polling: 'good',
  paused: 'warning',
  stopping: 'warning',
}

/** The first line: what is watched, where, and what happens next. What matters least goes first on a narrow screen. */
export function headerLine(
  header: LiveHeader,
  readOnly: boolean,
  width: number,
  now: Date,
  look: Look,
): string {
  const right = phaseSpans(header, readOnly, look)
  const room = width - spansWidth(right) - 2
  const place = look.clean(header.place)
  const facts = factsOf(header, now, look)
  const fixed = () =>
    1 + TITLE.length + GAP.length + facts.reduce((sum, { text }) => sum + displayWidth(text) + GAP.length, 0)
  while (facts.length > 0 && fixed() + Math.min(displayWidth(place), PLACE_WIDTH) > room) {
    const least = Math.max(...facts.map(({ rank }) => rank))
    facts.splice(
      facts.findIndex(({ rank }) => rank === least),
      1,
    )
  }
  const left: Span[] = [
    { text: ` ${TITLE}`, tone: 'strong' },
    { text: GAP + cutMiddle(place, Math.max(1, room - fixed()), look.glyphs.ellipsis) },
    ...facts.map(({ text }) => ({ text: GAP + text })),
  ]
  return splitLine(left, right, width, look)
}

/** @returns from left to right; those of the highest rank are left out first */
function factsOf(header: LiveHeader, now: Date, look: Look): { text: string; rank: number }[] {
  const { applications, images, pollInterval, nextPoll, requestsPerMinute } = header
  const facts = [
    { rank: 2, text: `${amount(applications, 'app')} ${look.glyphs.dot} ${amount(images, 'image')}` },
  ]
  if (pollInterval !== undefined) facts.push({ rank: 3, text: `poll ${humanDuration(pollInterval)}` })
  if (nextPoll) {
    const left = Math.ceil((nextPoll.getTime() - now.getTime()) / 1_000) * 1_000
    facts.push({ rank: 1, text: `next ${humanDuration(left)}` })
  }
  if (requestsPerMinute !== undefined)
    facts.push({ rank: 4, text: `${Math.round(requestsPerMinute)} req/min` })
  return facts
}

function phaseSpans({ phase, notes = [] }: LiveHeader, readOnly: boolean, look: Look): Span[] {
  const words = [...notes.map(look.clean), ...(readOnly ? ['read-only'] : [])]
  const sign = phase === 'paused' ? look.glyphs.paused : look.glyphs.running
  return [
    ...words.map((text): Span => ({ text: `${text}${GAP}`, tone: 'warning' })),
    { text: `${sign} ${phase}`, tone: PHASE_TONES[phase] },
  ]
}
