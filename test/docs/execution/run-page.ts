import { sameOutput } from './compare-output.ts'
import { type Command, pageSteps, type Step } from './page-steps.ts'
import { openPageWorld } from './page-world.ts'

/** A question of a terminal, with a yes. */
const QUESTION = /^[?✔] .*(?:\(y\/N\) y|Yes)$/

interface PageResult {
  /** What the page says and the program does not do. */
  readonly failures: readonly string[]
  /** The page with the outputs that were printed. */
  readonly text: string
}

/** Executes the commands of a page, in order, in a world of its own. */
export async function runPage(file: string, text: string): Promise<PageResult> {
  const failures: string[] = []
  const outputs: { readonly from: number; readonly to: number; readonly lines: readonly string[] }[] = []
  const lines = text.split('\n')
  const steps = pageSteps(text).filter(({ notExecuted }) => notExecuted === '')
  if (steps.length === 0) return { failures, text }
  let world = await openPageWorld()

  async function runCommand(command: Command, step: Step): Promise<void> {
    const shown = command.output && lines.slice(command.output.from, command.output.to)
    // A question that the page shows is answered in advance; what is written is the same.
    const answer = shown?.some((line) => QUESTION.test(line)) ? ' --yes' : ''
    const typed = withFlags(command.text, `${answer} ${step.added}`.trimEnd())
    const { code, printed } = await world.execute(typed, step.columns)
    const where = `${file}:${command.line}  $ ${typed}`
    if (code !== command.code) {
      failures.push(`${where}\nexits with ${code}, and not with ${command.code}. It printed:\n${printed}`)
    }
    if (!shown || !command.output) return
    const compared = answer ? shown.filter((line) => !QUESTION.test(line)) : shown
    if (sameOutput(compared.join('\n'), printed)) return
    failures.push(`${where}\nprints now:\n${printed}`)
    outputs.push({ ...command.output, lines: withQuestion(shown, printed.trimEnd().split('\n')) })
  }

  try {
    for (const step of steps) {
      if (step.newWorld) {
        await world.close()
        world = await openPageWorld()
      }
      for (const hidden of step.before) {
        const { code, printed } = await world.execute(hidden, 0)
        if (code !== 0) failures.push(`${file}: before: ${hidden}\nexits with ${code}:\n${printed}`)
      }
      for (const command of step.commands) await runCommand(command, step)
    }
  } finally {
    await world.close()
  }
  for (const { from, to, lines: printed } of outputs.toReversed()) lines.splice(from, to - from, ...printed)
  return { failures, text: lines.join('\n') }
}

/** Adds flags to the call of the plugin in a command, before a pipe. */
function withFlags(command: string, flags: string): string {
  return flags === ''
    ? command
    : command.replace(/(kubectl image-updater (?:[^|']|'[^']*')*?)( \||$)/, `$1${flags}$2`)
}

/** Puts the question of the old output before the line that followed it there. */
function withQuestion(old: readonly string[], printed: readonly string[]): readonly string[] {
  const question = old.findIndex((line) => QUESTION.test(line))
  if (question < 0) return printed
  const place = printed.indexOf(old[question + 1] ?? '')
  return printed.toSpliced(place < 0 ? printed.length : place, 0, old[question] ?? '')
}
