/** What differs from run to run, in the order in which it is looked for, and what stands for it. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<moment>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d \d{4}/g, '<moment>'],
  [/\b\d\d:\d\d:\d\d\b/g, '<time>'],
  [/\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b/g, '<digest>'],
  [/\b[0-9a-f]{3}…[0-9a-f]{5}\b/g, '<digest>'],
  [/\/tmp\/image-updater-sandbox-\w+/g, '<folder>'],
  [/127\.0\.0\.1:\d+/g, '<address>'],
  [/\b\d+\.\d+s\b/g, '<seconds>'],
  [/\b(?:\d+[dhms]){1,2}\b/g, '<age>'],
  [/\b\d+ (registry )?requests?\b/g, '<n> $1requests'],
  [/\b(kubectl|git|Node|image-updater) v?\d+\.\d+\.\d+\S*/g, '$1 <version>'],
]

/** Between a write and its end: which of it a poll happens to see is a matter of moments. */
const ON_THE_WAY = /^\S+: (?:Argo CD has not compared it yet|Synced, Progressing: .*)$/gm

/** A text without what varies; blanks and line breaks count as one blank, since widths vary too. */
function masked(text: string): string {
  const ends = text.replace(ON_THE_WAY, '')
  const plain = VARYING.reduce((sofar, [pattern, name]) => sofar.replace(pattern, name), ends)
  return plain.replace(/\s+/g, ' ').trim()
}

/**
 * Whether a page shows what was printed. A line `…` of the page stands for any number of lines.
 */
export function sameOutput(shown: string, printed: string): boolean {
  const parts = shown.split(/^…$/m).map((part) => masked(part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(masked(printed))
}
