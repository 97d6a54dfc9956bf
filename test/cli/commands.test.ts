import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/cli/command-table.ts'
import { COMMAND_GROUPS } from '../../src/cli/help/help.ts'
import { runProgram } from './program.ts'

interface CachedFlag {
  readonly name: string
  readonly description?: string
  readonly char?: string
  readonly hidden?: boolean
  readonly helpGroup?: string
}
interface CachedCommand {
  readonly summary?: string
  readonly usage?: string
  readonly examples?: readonly unknown[]
  readonly flags: Readonly<Record<string, CachedFlag>>
  readonly args: Readonly<Record<string, CachedFlag>>
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const manifest = JSON.parse(readFileSync(`${ROOT}dist/manifest.json`, 'utf8')) as {
  commands: Readonly<Record<string, CachedCommand>>
}
const COMMANDS = Object.entries(manifest.commands)
const FILES = globSync('*.ts', { cwd: `${ROOT}src/commands` }).map((file) => file.replace(/\.ts$/, ''))

describe('the commands', () => {
  it.each([
    ['the command table', Object.keys(commandTable)],
    ['the manifest', Object.keys(manifest.commands)],
    ['the help', COMMAND_GROUPS.flatMap(([, ids]) => ids)],
  ])('in %s are those in src/commands', (_name, commands) => {
    expect([...commands].sort()).toEqual([...FILES].sort())
  })

  it.each(Object.entries(commandTable))('%s loads its own class', async (name, load) => {
    const { default: command } = await load()
    expect(command.name.toLowerCase()).toBe(name)
  })

  it.each(COMMANDS)('%s says what it is, how it is called, and shows examples', (name, command) => {
    expect(command.summary).toMatch(/^[A-Z].*[^.]$/)
    expect(command.usage).toMatch(name === 'options' ? /^options$/ : new RegExp(`^${name} .*\\[flags\\]$`))
    expect(command.examples?.length).toBeGreaterThan(0)
  })

  it.each(COMMANDS)('%s describes each flag and argument', (_name, { args, flags }) => {
    const mute = Object.entries({ ...args, ...flags }).filter(([, { description }]) => !description)
    expect(mute.map(([flag]) => flag)).toEqual([])
  })

  it('mean the same by one short flag', () => {
    const meanings = new Map<string, Set<string>>()
    for (const [, { flags }] of COMMANDS) {
      for (const [name, { char }] of Object.entries(flags)) {
        if (char) meanings.set(char, (meanings.get(char) ?? new Set()).add(name))
      }
    }
    expect([...meanings].filter(([, names]) => names.size > 1)).toEqual([])
    expect(meanings.get('h')).toBeUndefined()
  })
})

interface ShownFlag {
  readonly title: string
  readonly notation: string
  readonly text: string
}

/** The flags in a help text by name, each with the heading above it. */
function shownFlags(help: string): Map<string, ShownFlag> {
  const found = new Map<string, ShownFlag>()
  let title = ''
  let name = ''
  for (const line of help.split('\n')) {
    const [, notation = '', named = '', text = ''] =
      /^ {2}(?:-\w, | {4})(--(?:\[no-\])?([\w-]+)\S*)\s*(.*)$/.exec(line) ?? []
    const earlier = found.get(name)
    if (named !== '') {
      name = named
      found.set(name, { notation, text, title })
    } else if (line.startsWith('   ') && earlier) {
      found.set(name, { ...earlier, text: `${earlier.text} ${line.trim()}` })
    } else {
      name = ''
      if (line.endsWith(':')) title = line
    }
  }
  return found
}

/** `10`, `''`, `that of the context`; '' where nothing tells it. */
function defaultOf({ notation, text, title }: ShownFlag): string {
  const [, value = ''] = /^--[\w-]+=(.*)$/.exec(notation) ?? []
  const decided = /\(default: (.+)\)$/.exec(text)?.[1] ?? /\(not given: (.+)\):$/.exec(title)?.[1] ?? ''
  const isPlaceholder = value === '' || /^[A-Z=]+$/.test(value)
  return isPlaceholder ? decided : value
}

describe('--help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('%j shows every command in its group', async (args) => {
    const { code, stderr, stdout } = await runProgram(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const [title, ids] of COMMAND_GROUPS) {
      const group = stdout.slice(stdout.indexOf(`\n${title}:\n`))
      for (const id of ids) {
        expect(group).toMatch(new RegExp(`^ {2}${id} +${manifest.commands[id]?.summary?.slice(0, 20)}`, 'm'))
      }
    }
    expect(stdout).toContain('kubectl image-updater sandbox --demo')
    expect(stdout).toContain('kubectl image-updater COMMAND --help')
  })

  it.each(COMMANDS)('%s --help shows examples, flags and usage', async (name, { summary }) => {
    const { code, stderr, stdout } = await runProgram([name, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n', 1)[0]).toBe(summary)
    const sections = [/\nExamples:\n/, ...(name === 'options' ? [] : [/\n(?:\w+ )?Flags:\n/]), /\nUsage:\n/]
    const order = sections.map((title) => stdout.search(title))
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(stdout).toContain(`\n  kubectl image-updater ${name}`)
  })

  it.each(COMMANDS)('%s --help tells the default of each flag', async (name, { flags }) => {
    const told = shownFlags((await runProgram([name, '--help'])).stdout)
    const globals = shownFlags((await runProgram(['options'])).stdout)
    for (const flag of Object.values(flags)) {
      if (flag.hidden) continue
      const shown = told.get(flag.name) ?? globals.get(flag.name)
      expect(shown, `--${flag.name} is shown`).toBeDefined()
      if (shown) expect(`--${flag.name} ${defaultOf(shown)}`).not.toMatch(/ $/)
      // Nowhere else, and in no other words.
      expect(flag.description?.replace(/ \(default: .*\)$/, '')).not.toMatch(/default/i)
    }
  })

  it('leaves to options what each command with a cluster takes, and nothing else', async () => {
    const { code, stderr, stdout } = await runProgram(['options'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const globals = [...shownFlags(stdout).keys()]
    expect(globals).toEqual(expect.arrayContaining(['kubeconfig', 'context', 'as', 'request-timeout', 'v']))
    for (const [name, { flags }] of COMMANDS) {
      const help = (await runProgram([name, '--help'])).stdout
      const left = Object.values(flags).filter((flag) => !flag.hidden && !shownFlags(help).has(flag.name))
      const takesAll = globals.every((flag) => flags[flag])
      expect(globals).toEqual(expect.arrayContaining(left.map((flag) => flag.name)))
      expect(help.includes('Use "kubectl image-updater options"')).toBe(takesAll && left.length > 0)
    }
  })

  it('fits a narrow place, and shows a long flag above its text', async () => {
    const lines = (await runProgram(['check', '--help'])).stdout.split('\n')
    const text = lines.filter((line) => !/^ {2}(?:#|kubectl)/.test(line))
    expect(text.filter((line) => line.length > 80)).toEqual([])
    const long = lines.findIndex((line) => line.endsWith('--allow-cross-namespace-secrets=false'))
    expect(lines[long + 1]).toMatch(/^ {32}Let rules name/)
  })

  it.each([
    [['tags', '-h']],
    [['tags', '--help=true']],
    [['tags', 'nginx', '-ojson', '-h']],
    [['help', 'tags']],
    [['-o', 'json', 'tags', '--help']],
  ])('%j is the help of tags', async (args) => {
    expect((await runProgram(args)).stdout).toBe((await runProgram(['tags', '--help'])).stdout)
  })
})

describe('a usage error is one line and ends with 1', () => {
  const help = (command: string) => `See 'kubectl image-updater ${command} --help'`
  const root = "See 'kubectl image-updater --help'"
  it.each([
    ['chek', `unknown command "chek" (did you mean check?). ${root}`],
    ['wat', `unknown command "wat" (did you mean watch?). ${root}`],
    ['hist', `unknown command "hist" (did you mean history?). ${root}`],
    ['unhold', `unknown command "unhold" (did you mean resume?). ${root}`],
    ['completely-different', `unknown command "completely-different". ${root}`],
    ['chek --help', `unknown command "chek" (did you mean check?). ${root}`],
    ['help chek', `unknown command "chek" (did you mean check?). ${root}`],
    ['-n shop', `no command is given, only -n shop. ${root}`],
    ['--verson', `no command is given, only --verson (did you mean --version?). ${root}`],
    ['check --outptu json', `unknown flag --outptu (did you mean --output?). ${help('check')}`],
    ['check --hlp', `unknown flag --hlp (did you mean --help?). ${help('check')}`],
    ['check -x', `unknown flag -x. ${help('check')}`],
    ['check ---nope', `unknown flag ---nope. ${help('check')}`],
    ['check --all-name', `unknown flag --all-name (did you mean --all-namespaces?). ${help('check')}`],
    ['check -context stage', `unknown flag -context (did you mean --context?). ${help('check')}`],
    ['check -n', `--namespace needs a value. ${help('check')}`],
    ['check --max-concurrency=some', `--max-concurrency=some is not a whole number. ${help('check')}`],
    ['check --max-concurrency 0', `--max-concurrency=0 is too small: the least is 1. ${help('check')}`],
    ['sandbox --api-port=99999', `--api-port=99999 is too large: the most is 65535. ${help('sandbox')}`],
    ['check --color=blue', `Expected --color=blue to be one of: auto, always, never. ${help('check')}`],
    [
      'check --color=alwys',
      `Expected --color=alwys to be one of: auto, always, never (did you mean always?). ${help('check')}`,
    ],
    [
      'completion bsh',
      `Expected bsh to be one of: bash, zsh, fish, powershell, install, uninstall (did you mean bash?). ${help('completion')}`,
    ],
    [
      'lint --severity=warn',
      `Expected --severity=warn to be one of: error, warning, info (did you mean warning?). ${help('lint')}`,
    ],
    ['watch --approve all', `Expected --approve=all to be one of: auto, patch, minor, ask. ${help('watch')}`],
    ['tags', `the argument IMAGE is missing. ${help('tags')}`],
    ['tags a b', `unexpected argument "b". ${help('tags')}`],
    ['version extra', `unexpected argument "extra". ${help('version')}`],
    ['sandbox --keep', `All of the following must be provided when using --keep: --demo. ${help('sandbox')}`],
    ['list --all=maybe', '--all=maybe is neither true nor false. Write --all or --all=false'],
    ['version -o jsn', '-o "jsn" is not an output format. Did you mean json?'],
    ['version -o jsonpath={.a', '"{.a" lacks its closing brace. Write for example {.items[*].application}'],
  ])('%s', async (line, problem) => {
    const finished = await runProgram(line.split(' '))
    expect(finished).toEqual({ code: 1, stderr: `error: ${problem}\n`, stdout: '' })
  })

  it.each(FILES)('%s --zzzzzzzz', async (command) => {
    const finished = await runProgram([command, '--zzzzzzzz'])
    const stderr = `error: unknown flag --zzzzzzzz. ${help(command)}\n`
    expect(finished).toEqual({ code: 1, stderr, stdout: '' })
  })

  it('says which number is none', async () => {
    const { code, stderr } = await runProgram(['tags', 'org/web', '--limit=many'])
    expect(stderr).toMatch(/^error: .*--limit.*many.* See 'kubectl image-updater tags --help'\n$/)
    expect(code).toBe(1)
  })

  it('shows hostile words as they are', async () => {
    const { stderr } = await runProgram(['\u001b[2Jx\u202e'])
    expect(stderr).not.toMatch(/[\u001b\u202e]/)
  })

  it('check --exit-code ends with 2, since 1 has another meaning', async () => {
    const { code, stderr } = await runProgram(['check', '--exit-code', '--kubeconfig=/nonexistent/config'])
    expect(stderr).toMatch(/^error: .*\n$/)
    expect(code).toBe(2)
  })
})
