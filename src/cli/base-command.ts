import { Command, type Interfaces } from '@oclif/core'
import { UserError } from '../lib/errors.ts'
import { errorLine } from '../lib/terminal/error-line.ts'
import { printable } from '../lib/terminal/escape.ts'
import { type FlagShapes, likeKubectl } from './arguments.ts'
import { templateInOutput } from './flags/template.ts'
import { usageErrorLine } from './usage-error.ts'

/**
 * What every command shares: arguments read as kubectl reads them, data to stdout and everything else to
 * stderr, one line for an error, and exit codes that do not cut pipes (never `exit()` after output).
 */
export abstract class BaseCommand extends Command {
  /** Exit code of an error; `--exit-code` moves it, since 1 then means that something was found. */
  protected errorExitCode = 1

  protected override async init(): Promise<void> {
    await super.init()
    // Before parsing, so that a mistyped flag is told from a finding too.
    if (this.argv.some((word) => word === '--exit-code' || word === '--exit-code=true'))
      this.errorExitCode = 2
    const args = likeKubectl(this.argv, this.ctor.flags as unknown as FlagShapes)
    this.argv = 'template' in (this.ctor.flags ?? {}) ? templateInOutput(args) : args
  }

  protected print(text: string): void {
    process.stdout.write(text)
  }

  protected note(text: string): void {
    process.stderr.write(text)
  }

  /** Shows an error as one line: what happened, and what to do instead. */
  protected override async catch(error: Interfaces.CommandError): Promise<void> {
    process.exitCode = isPromptAbort(error) ? 130 : this.errorExitCode
    if (isPromptAbort(error)) return
    const usage = usageErrorLine(error, this.id ?? '', Object.keys(this.ctor.flags))
    this.note(`${usage ?? describeError(error)}\n`)
  }
}

function describeError(error: Error): string {
  if (error instanceof UserError) return errorLine(error)
  return `error: ${printable(error.stack ?? error.message)}`
}

/** Ctrl-C at a question. */
function isPromptAbort(error: Error): boolean {
  return error.name === 'ExitPromptError'
}
