import { Command, type Interfaces } from '@oclif/core'
import { UserError } from '../lib/errors.ts'
import { errorLine } from '../lib/terminal/error-line.ts'
import { printable } from '../lib/terminal/escape.ts'
import { type FlagShape, likeKubectl } from './arguments.ts'
import { usageErrorText } from './usage-error.ts'

/**
 * What every command shares: arguments read as kubectl reads them, data to stdout and everything else to
 * stderr, one line for an error, and exit codes that do not cut pipes (never `exit()` after output).
 */
export abstract class BaseCommand extends Command {
  /** Exit code of an error; `check --exit-code` moves it, since 1 then means "updates available". */
  protected errorExitCode = 1

  protected override async init(): Promise<void> {
    await super.init()
    this.argv = likeKubectl(this.argv, this.ctor.flags as unknown as Record<string, FlagShape>)
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
    this.note(`${describeError(error, this.id ?? '')}\n`)
  }
}

function describeError(error: Error & { oclif?: unknown; parse?: unknown }, command: string): string {
  if (error instanceof UserError) return errorLine(error)
  if (error.oclif !== undefined || error.parse !== undefined) {
    return `error: ${printable(usageErrorText(error))}. See 'kubectl image-updater ${command} --help'`
  }
  return `error: ${printable(error.stack ?? error.message)}`
}

/** Ctrl-C at a question. */
function isPromptAbort(error: Error): boolean {
  return error.name === 'ExitPromptError'
}
