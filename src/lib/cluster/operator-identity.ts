import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'

/** Who runs this program and where, for colleagues: `ada@laptop`. Nothing is proved by it. */
export function operatorIdentity(): string {
  return `${userName()}@${hostname()}`
}

/** The same for one run of it, unlike any other: `ada@laptop 4711/6f0c…`. Another each time it is asked for. */
export function processIdentity(): string {
  return `${operatorIdentity()} ${process.pid}/${randomUUID()}`
}

/** In containers a user often has a number and no name, and then there is nothing to look up. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
