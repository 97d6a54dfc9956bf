import { hostname, userInfo } from 'node:os'
import { annotationText } from '../lib/application/change-record.ts'

/** Beyond any name that a person has. */
const LONGEST_NAME = 100

/**
 * Who acts, as colleagues know them: whom they impersonate, else the user of this machine, `ann@laptop`.
 *
 * @param impersonated the value of --as
 */
export function operatorName(impersonated: string | undefined): string {
  return annotationText(impersonated || `${userName()}@${hostname()}`, LONGEST_NAME)
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // In a container the user may have a number only.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
