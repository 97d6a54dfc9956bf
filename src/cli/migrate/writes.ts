import type { DryRun } from '../../lib/cluster/client.ts'
import { UserError } from '../../lib/errors.ts'
import { confirm } from '../../lib/terminal/confirm.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { dryRunSuffix, writeTitle } from '../../lib/terminal/outcomes.ts'
import { renderWrite } from '../../lib/terminal/write-diff.ts'
import type { ObjectWrite } from '../../lib/writeback/write.ts'
import type { Session } from '../session/session.ts'

/** One write of a migration. */
export interface MigrationStep {
  readonly write: ObjectWrite
  /** `created`, `annotated` */
  readonly done: string
  /** Where this fails, the steps after it must not be taken. */
  readonly required: boolean
  apply(): Promise<'applied' | 'unchanged' | 'dry-run' | 'gone'>
}

/** Writes that are shown, asked about and made together. */
export interface MigrationSteps {
  readonly question: string
  readonly steps: readonly MigrationStep[]
}

/**
 * Shows the diff of each group, asks unless told not to, and writes.
 *
 * @returns whether everything was written that should be
 */
export async function writeMigration(
  session: Session,
  groups: readonly MigrationSteps[],
  { dryRun, yes }: { readonly dryRun: DryRun; readonly yes: boolean },
): Promise<boolean> {
  const asks = session.asks({ dryRun, yes })
  let complete = true
  for (const { question, steps } of groups) {
    // Nobody is asked about what they cannot see, even if the answer goes to a program.
    const [out, paint] = session.forPeople
      ? [session.out, session.paint]
      : [process.stderr, session.paintNotes]
    if (session.forPeople || asks)
      for (const { write } of steps) out.write(renderWrite(session.engine.applications, write, paint))
    if (asks && !(await confirm(question))) {
      session.note('Nothing was written.')
      continue
    }
    for (const step of steps) {
      const written = await take(session, step, dryRun)
      complete &&= written
      if (!written && step.required) break
    }
  }
  return complete
}

async function take(session: Session, step: MigrationStep, dryRun: DryRun): Promise<boolean> {
  const title = writeTitle(step.write)
  try {
    const status = await step.apply()
    if (status === 'gone') throw new UserError(`${title} was deleted meanwhile`, 'Run migrate again')
    const suffix = dryRunSuffix(dryRun)
    const out = session.forPeople ? session.out : process.stderr
    out.write(`${printable(`${title} ${status === 'unchanged' ? 'unchanged' : step.done}${suffix}`)}\n`)
    return true
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    session.note(errorLine(error))
    return false
  }
}
