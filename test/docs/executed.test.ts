import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { needs } from '../e2e/world/requirement.ts'
import { pageSteps } from './execution/page-steps.ts'
import { runPage } from './execution/run-page.ts'
import { pages } from './markdown.ts'

/** Why commands are shown that cannot run here; a mark `<!-- not executed: … -->` begins with one of these. */
const REASONS = [
  'needs AWS',
  'needs another cluster',
  'needs a release',
  'answers to questions',
  'live table',
  'for this repository',
  'the world of every page',
  'a file;',
] as const

const executed = pages()
  // Generated from the commands, which cannot carry marks; its examples are parsed.
  .filter(({ file }) => file !== 'docs/commands.md')
  .map(({ file }) => {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    return { file, steps: pageSteps(text), text }
  })
  .filter(({ steps }) => steps.length > 0)

describe.runIf(process.platform === 'linux')('the commands of the documents do what they say', () => {
  it.concurrent.for(executed)('$file', { timeout: 300_000 }, async ({ file, text }, test) => {
    needs('kubectl', test)
    const { failures } = await runPage(file, text)
    expect(failures.join('\n\n'), 'npm run docs:outputs writes the new outputs into the pages').toBe('')
  })
})

describe('what is not executed', () => {
  const steps = executed.flatMap(({ file, steps: all }) =>
    all.map((step) => ({ ...step, where: `${file}:${step.commands[0]?.line}` })),
  )

  it('has a known reason', () => {
    const unknown = steps
      .filter(({ notExecuted }) => notExecuted !== '')
      .filter(({ notExecuted }) => !REASONS.some((reason) => notExecuted.startsWith(reason)))
    expect(unknown.map(({ where, notExecuted }) => `${where} ${notExecuted}`)).toEqual([])
  })

  it('is the smaller part', () => {
    const left = steps.filter(({ notExecuted }) => notExecuted !== '')
    expect(left.length).toBeLessThan(steps.length / 3)
  })
})
