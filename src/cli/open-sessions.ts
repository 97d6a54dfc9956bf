import { openSession, type Session, type SessionFlags } from './session.ts'

/** The flags of a command that can look at several clusters at once. */
export type SeveralContexts<Flags extends SessionFlags> = Omit<Flags, 'context'> & {
  readonly context?: readonly string[] | undefined
}

/** A session for each context that is named, or the one of the current context where none is. */
export async function openSessions(flags: SeveralContexts<SessionFlags>): Promise<Session[]> {
  const { context: contexts = [], ...rest } = flags
  const names = [...new Set(contexts)]
  if (names.length <= 1) return [await openSession({ ...rest, context: names[0] })]
  const sessions: Session[] = []
  try {
    for (const context of names) sessions.push(await openSession({ ...rest, context }))
    return sessions
  } catch (error) {
    await Promise.all(sessions.map((session) => session.close()))
    throw error
  }
}
