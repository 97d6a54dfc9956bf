import { Parser } from '@oclif/core'
import { expect, it } from 'vitest'
import { type FlagShape, likeKubectl } from '../../src/cli/arguments.ts'
import { commandTable } from '../../src/cli/command-table.ts'
import { type CodeBlock, pages } from './markdown.ts'

const COMMAND = 'kubectl image-updater '
/** Fences whose every line is input. In `console` only what follows a `$ ` is; others hold no commands. */
const INPUT = new Set(['sh', 'yaml'])

interface Example {
  readonly where: string
  readonly words: readonly string[]
}

const examples = pages().flatMap(({ file, blocks }) =>
  blocks.flatMap((block) =>
    commandLines(block).map(
      (text): Example => ({ where: `${file}:${block.line}  ${text}`, words: shellWords(text) }),
    ),
  ),
)

/** The lines of a block that call the plugin, from its name on; a `\` at the end joins two lines. */
function commandLines({ language, text }: CodeBlock): string[] {
  return text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => INPUT.has(language) || (language === 'console' && line.startsWith('$ ')))
    .filter((line) => !line.trim().startsWith('#'))
    .flatMap((line) => {
      const start = line.indexOf(COMMAND)
      return start < 0 ? [] : [line.slice(start + COMMAND.length)]
    })
}

/** Words as a POSIX shell sees them, up to the end of the command: a pipe, redirection, list or comment. */
function shellWords(text: string): string[] {
  const words: string[] = []
  for (const [token] of text.matchAll(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"|;&<>#\\])+(?:#[^\s]*)?|[|;&<>#]/g)) {
    if (/^[|;&<>#]/.test(token)) break
    words.push(token.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, '$1$2$3'))
  }
  return words
}

it('the documents show the plugin at work', () => {
  expect(examples.length).toBeGreaterThan(20)
})

it.each(examples)('$where', async ({ words }) => {
  const [id = '', ...rest] = words
  if (id.startsWith('--')) return expect(words).toEqual(['--help'])
  const load = commandTable[id]
  expect(load, `there is no command ${id}`).toBeDefined()
  const command = (await load?.())?.default
  if (!command || rest.includes('--help')) return
  const { args, flags, strict } = command
  const given = likeKubectl(rest, flags as unknown as Record<string, FlagShape>)
  await expect(Parser.parse(given, { args, flags, strict })).resolves.toBeDefined()
})
