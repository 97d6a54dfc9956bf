import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerText, DIRECTIVE } from '../../../src/cli/completion/answer.ts'
import type { CompletedCommand } from '../../../src/cli/completion/command-line.ts'
import { readCommandLine } from '../../../src/cli/completion/command-line.ts'
import { completed } from '../../../src/cli/completion/complete.ts'
import { ARGUMENTS, FLAG_VALUES } from '../../../src/cli/completion/table.ts'

const manifest = JSON.parse(
  readFileSync(new URL('../../../dist/manifest.json', import.meta.url), 'utf8'),
) as { commands: Record<string, CompletedCommand> }
const COMMANDS = Object.values(manifest.commands)

async function values(...words: string[]): Promise<string[]> {
  const { candidates } = await completed(words, COMMANDS, new AbortController().signal)
  return candidates.map(({ value }) => value)
}

describe('what can stand at the cursor', () => {
  it.each([
    [['ch'], ['check']],
    [['--color=always', 'ch'], ['check']],
    [['-n', 'shop', 'ch'], ['check']],
    [['help', 'ro'], ['rollback']],
    [['completion', 'b'], ['bash']],
    [['nonsense', ''], []],
    [['check', '--col'], ['--color']],
    [
      ['check', '--color=a'],
      ['auto', 'always'],
    ],
    [['check', '--color', 'n'], ['never']],
    [['-n', 'shop', 'check', '-o', 'y'], ['yaml']],
    [
      ['check', '-o=js'],
      ['json', 'jsonpath='],
    ],
    [['tags', 'nginx', '--strategy', 'new'], ['newest-build']],
    [['set', 'shop', '--dry-run=s'], ['server']],
    [['rollback', '--no-h'], ['--no-hold']],
    [['check', '--color', 'auto', '--color'], []],
  ])('%j: %j', async (words, expected) => {
    expect(await values(...words)).toEqual(expected)
  })

  it('a bare flag such as --dry-run takes no word after it', () => {
    const line = readCommandLine(['set', '--dry-run', 'shop', ''], COMMANDS)
    expect(line).toMatchObject({ words: ['shop'], wanted: { kind: 'word', text: '' } })
  })

  it('behind -- everything is a word', () => {
    const line = readCommandLine(['check', '--', '--col'], COMMANDS)
    expect(line.wanted).toEqual({ kind: 'word', text: '--col' })
  })

  it('a flag that can be repeated is offered again, the others are not', async () => {
    expect(await values('check', '--allow-registry', 'a', '--allow-r')).toEqual(['--allow-registry'])
    expect(await values('check', '-A', '--all-n')).toEqual([])
  })

  it('short flags stand beside long ones until two dashes are typed', async () => {
    expect(await values('check', '-')).toEqual(expect.arrayContaining(['-n', '--namespace', '--help']))
    expect(await values('check', '--')).not.toContain('-n')
  })

  it('a file for a flag that takes one, a folder for one that takes a folder', async () => {
    const { signal } = new AbortController()
    const file = await completed(['check', '--kubeconfig', ''], COMMANDS, signal)
    expect(file).toEqual({ candidates: [], directive: DIRECTIVE.default })
    const folder = await completed(['sandbox', '--directory', ''], COMMANDS, signal)
    expect(folder.directive).toBe(DIRECTIVE.folders)
  })
})

describe('the tables', () => {
  it('name flags and commands that there are', () => {
    const flags = new Set(
      COMMANDS.flatMap(({ id, flags }) => Object.keys(flags).flatMap((name) => [name, `${id} ${name}`])),
    )
    expect(Object.keys(FLAG_VALUES).filter((name) => !flags.has(name))).toEqual([])
    const ids = new Set([...COMMANDS.map(({ id }) => id), 'help'])
    expect(Object.keys(ARGUMENTS).filter((id) => !ids.has(id))).toEqual([])
  })
})

describe('the text for the shell (S14)', () => {
  it.each([
    ['x\n:0'],
    ['x\tdescription'],
    ['$(touch pwned)'],
    ['`id`'],
    ['a;b'],
    ['a b'],
    ['a|b'],
    ["a'b"],
    ['a"b'],
    ['a\u001b[2J'],
    ['a\u202eb'],
    ['a*'],
    [':4'],
    ['~root'],
    ['_activeHelp_ x'],
    [''],
  ])('leaves out %j', (value) => {
    expect(answerText({ candidates: [{ value }], directive: 4 })).toBe(':4\n')
  })

  it('keeps the names that people use, with their description on one line', () => {
    const value = 'arn:aws:eks:eu-west-1:123456789012:cluster/prod'
    const text = answerText({ candidates: [{ value, description: 'a\nb\tc\u001b[2J' }], directive: 4 })
    expect(text).toBe(`${value}\ta\\nb\\tc^[[2J\n:4\n`)
  })
})
