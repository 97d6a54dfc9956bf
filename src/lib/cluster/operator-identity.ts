import { hostname, userInfo } from 'node:os'

/** Who runs this program and where, for colleagues: `ada@laptop`. Nothing is proved by it. */
export function operatorIdentity(): string {
  return `${userName()}@${hostname()}`
}

/** In containers a user often has a number and no name, and then there is nothing to look up. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
