import { spawnSync } from 'node:child_process'

/** One command of a page, and what the page says of it. */
export interface Command {
  /** Line of the page that it begins on, from 1. */
  readonly line: number
  readonly text: string
  /** Lines of the page with its output, from 0, end excluded; undefined where the page shows none. */
  readonly output: { readonly from: number; readonly to: number } | undefined
  /** Exit code that the page implies. */
  readonly code: number
}

/** A `console` or `sh` block with the marks that stand before it. */
export interface Step {
  readonly commands: readonly Command[]
  /** Why it is not executed, beginning with a word of {@link ReasonNotToExecute}; '' where it is. */
  readonly notExecuted: string
  /** Hidden from the reader: what to do before, as `sh`. */
  readonly before: readonly string[]
  /** Whether it begins in a world of its own. */
  readonly newWorld: boolean
  /** Flags that are added to the commands of the plugin. */
  readonly added: string
  /** Columns of the terminal it runs in; 0 for none. */
  readonly columns: number
}

/** `<!-- name: text -->`, `<!-- name -->`: a mark counts for the next block. */
const MARK =
  /<!-- *(not executed|exits with|before|new world|executed with|terminal)(?::\s*([\s\S]*?))?\s*-->/g

/** The steps of a page, in order. @throws Error naming the line where something cannot be understood */
export function pageSteps(text: string): Step[] {
  const lines = text.split('\n')
  const steps: Step[] = []
  let since = 0
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^\s*```(\S*)/.exec(lines[at] ?? '')
    if (!fence) continue
    const end = lines.findIndex((line, index) => index > at && /^\s*```\s*$/.test(line))
    if (end < 0) throw new Error(`line ${at + 1}: the block does not end`)
    const language = fence[1] ?? ''
    if (language === 'console' || language === 'sh') {
      const marks = marksIn(lines.slice(since, at).join('\n'))
      const commands =
        language === 'sh' ? scriptCommands(lines, at + 1, end) : consoleCommands(lines, at + 1, end)
      steps.push(stepOf(marks, commands))
      since = end + 1
    }
    at = end
  }
  return steps
}

function marksIn(prose: string): ReadonlyMap<string, string> {
  return new Map([...prose.matchAll(MARK)].map(([, name = '', text = '']) => [name, text.trim()]))
}

function stepOf(marks: ReadonlyMap<string, string>, commands: readonly Command[]): Step {
  const codes = marks.get('exits with')?.split(',').map(Number)
  const before = (marks.get('before') ?? '').split('\n')
  return {
    added: marks.get('executed with') ?? '',
    before: whole(before, 0, before.length).map(({ text }) => text),
    columns: Number.parseInt(marks.get('terminal') ?? '0', 10),
    commands: commands.map((command, index) => ({
      ...command,
      code: codes?.[Math.min(index, codes.length - 1)] ?? command.code,
    })),
    newWorld: marks.has('new world'),
    notExecuted: marks.get('not executed') ?? '',
  }
}

/** In `sh` every line is input. */
function scriptCommands(lines: readonly string[], from: number, to: number): Command[] {
  return whole(lines, from, to).map(({ at, text }) => ({ code: 0, line: at + 1, output: undefined, text }))
}

/** In `console` input follows a `$ `, and `> ` where it goes on; everything else is output. */
function consoleCommands(lines: readonly string[], from: number, to: number): Command[] {
  const starts = lines.flatMap((line, at) => (at >= from && at < to && line.startsWith('$ ') ? [at] : []))
  return starts.map((at, index) => {
    let next = at + 1
    let text = (lines[at] ?? '').slice(2)
    for (; next < to && isUnfinished(text); next += 1) {
      text += `\n${(lines[next] ?? '').replace(/^> /, '')}`
    }
    let end = starts[index + 1] ?? to
    while (end > next && lines[end - 1]?.trim() === '') end -= 1
    const failed = lines.slice(next, end).some((line) => line.startsWith('error: '))
    return { code: failed ? 1 : 0, line: at + 1, output: { from: next, to: end }, text }
  })
}

/** Lines as the shell takes them: one command each, however many lines it has. Comments are left out. */
function whole(lines: readonly string[], from: number, to: number): { at: number; text: string }[] {
  const commands: { at: number; text: string }[] = []
  for (let at = from; at < to; at += 1) {
    const begin = at
    let text = lines[at] ?? ''
    if (text.trim() === '' || text.trim().startsWith('#')) continue
    while (at + 1 < to && isUnfinished(text)) {
      at += 1
      text += `\n${lines[at]}`
    }
    commands.push({ at: begin, text })
  }
  return commands
}

/** Whether the shell waits for more: an open quote, a `\` at the end, a here-document, `if` without `fi`. */
function isUnfinished(text: string): boolean {
  if (text.endsWith('\\')) return true
  if (!/['"`({]|<<|\b(?:if|for|while|case|do|then)\b/.test(text)) return false
  const { status, stderr } = spawnSync('bash', ['-n', '-c', text], { encoding: 'utf8' })
  return status !== 0 || stderr !== ''
}
