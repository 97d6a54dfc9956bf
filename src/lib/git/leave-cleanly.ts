import { constants } from 'node:os'

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/**
 * Does work that must leave no program running and no file lying about. A signal that nobody handles ends a process
 * without its `exit` listeners, which end git and remove private folders; here it leaves through them, with the
 * code that a shell expects. Whoever handles a signal already decides what becomes of it.
 */
export async function leavingCleanly<Result>(work: () => Promise<Result>): Promise<Result> {
  const handlers = SIGNALS.filter((name) => process.listenerCount(name) === 0).map((name) => {
    const handler = () => process.exit(128 + constants.signals[name])
    process.on(name, handler)
    return { handler, name }
  })
  try {
    return await work()
  } finally {
    for (const { handler, name } of handlers) process.off(name, handler)
  }
}
