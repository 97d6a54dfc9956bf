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

/** Such an identity as people read it: without what only tells two runs on one machine apart. */
export function identityText(identity: string): string {
  return identity.replace(/\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '')
}

/** In containers a user often has a number and no name, and then there is nothing to look up. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
