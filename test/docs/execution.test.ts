import { describe, expect, it } from 'vitest'
import { sameOutput } from './execution/compare-output.ts'
import { pageSteps } from './execution/page-steps.ts'
import { runPage } from './execution/run-page.ts'

const fence = '```'

describe.runIf(process.platform === 'linux')('a page that is not true', () => {
  it('fails with what is printed now, which can be written into it', async () => {
    const page = (output: string) => `# Page\n\n${fence}console\n$ echo new\n${output}\n${fence}\n`
    const { failures, text } = await runPage('docs/page.md', page('old'))
    expect(failures).toEqual(['docs/page.md:4  $ echo new\nprints now:\nnew\n'])
    expect(text).toBe(page('new'))
  })

  it('fails on another exit code than the page implies', async () => {
    const { failures } = await runPage('docs/page.md', `${fence}sh\nexport CODE=3\n(exit $CODE)\n${fence}\n`)
    expect(failures).toEqual([expect.stringContaining('exits with 3, and not with 0')])
  })
})

it('compares what a reader would call the same', () => {
  const shown = 'in 0.1s: shop  web@0123456789ab  5m ago\n…\nend'
  expect(sameOutput(shown, 'in 1.4s: shop web@ba9876543210 71m ago\nany\nlines\nend')).toBe(true)
  expect(sameOutput(shown, 'in 1.4s: shop api@ba9876543210 71m ago\nany\nlines\nend')).toBe(false)
  expect(sameOutput(shown, 'in 1.4s: shop web@ba9876543210 71m ago\nany\nlines\nending')).toBe(false)
  expect(sameOutput('shop: Synced, Progressing: deployment/web\nshop: Healthy', 'shop: Healthy')).toBe(true)
  expect(sameOutput('shop: Healthy', 'shop: Degraded: deployment/web')).toBe(false)
})

it('takes the marks before a block for that block alone', () => {
  const text = [
    '<!-- exits with: 1, 0 -->',
    '<!-- before:\ncat > a <<END\nx: 1\nEND\n-->',
    `${fence}sh\n# a comment\nfalse\necho 'two\nlines' \\\n  more\n${fence}`,
    `${fence}console\n$ echo a\na\n\n$ plugin\nerror: no\n${fence}`,
  ].join('\n\n')
  const [script, session] = pageSteps(text)
  expect(script?.before).toEqual(['cat > a <<END\nx: 1\nEND'])
  expect(script?.commands.map(({ code, text: command }) => [code, command])).toEqual([
    [1, 'false'],
    [0, "echo 'two\nlines' \\\n  more"],
  ])
  expect(session?.before).toEqual([])
  expect(session?.commands.map(({ code, text: command }) => [code, command])).toEqual([
    [0, 'echo a'],
    [1, 'plugin'],
  ])
})
