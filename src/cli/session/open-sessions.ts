import { UserError } from '../../lib/errors.ts'
import { openSession, type Session, type SessionFlags } from './session.ts'

/** The flags of a command that can look at several clusters at once. */
export type SeveralContexts<Flags extends SessionFlags> = Omit<Flags, 'context'> & {
  readonly context?: readonly string[] | undefined
}

/**
 * A session for each context that is named, or the one of the current context where none is. Of several, those
 * that cannot be opened are told, and count as problems of the first one that can.
 *
 * @throws UserError when none can be opened
 */
export async function openSessions(flags: SeveralContexts<SessionFlags>): Promise<Session[]> {
  const { context: contexts = [], ...rest } = flags
  const names = [...new Set(contexts)]
  if (names.length <= 1) return [await openSession({ ...rest, context: names[0] })]
  const sessions: Session[] = []
  const failures: UserError[] = []
  for (const context of names) {
    try {
      sessions.push(await openSession({ ...rest, context }))
    } catch (error) {
      if (!(error instanceof UserError)) {
        await Promise.all(sessions.map((session) => session.close()))
        throw error
      }
      failures.push(error)
    }
  }
  const [first] = sessions
  for (const failure of failures) {
    if (!first) throw failure
    first.problem(failure)
  }
  return sessions
}
