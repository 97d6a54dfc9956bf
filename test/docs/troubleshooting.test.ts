import { expect, it } from 'vitest'
import { pages } from './markdown.ts'
import { programTexts, share } from './program-texts.ts'

const page = pages().find(({ file }) => file === 'docs/troubleshooting.md')
const pieces = programTexts()

const lines = page?.blocks.filter(({ language }) => language === '').flatMap(({ text }) => text.split('\n'))
/** First cells of the tables; what the program puts in is `…` there, and what a server says is in brackets. */
const cells = page?.prose.flatMap((line) => {
  const cell = /^\| `(.*?)`/.exec(line)?.[1] ?? ''
  return cell.split(/…|\(HTTP .*/).map((part) => part.trim())
})

it.each(lines ?? [])('prints: %s', (line) => {
  expect(share(line, pieces)).toBeGreaterThan(0.55)
})

it.each(cells?.filter((cell) => cell.length > 6) ?? [])('says: %s', (cell) => {
  expect(pieces.some((piece) => piece.includes(cell)) || share(cell, pieces) > 0.8).toBe(true)
})

it('notices wording that the program does not have', () => {
  const line = 'error: the cluster is in a bad mood today, come back after lunch. Ask it nicely'
  expect(share(line, pieces)).toBeLessThan(0.5)
})
