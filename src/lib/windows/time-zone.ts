import { UserError } from '../errors.ts'
import { nearestWord } from '../nearest.ts'

export class TimeZoneError extends UserError {}

const LONGEST = 64

/**
 * Checks the name of a time zone of the IANA database: `Europe/Berlin`, `UTC`. Offsets such as `+02:00` are
 * refused, because they know no summer time.
 *
 * @returns the name as it was written.
 * @throws TimeZoneError with the zone that was probably meant.
 */
export function parseTimeZone(text: string): string {
  if (text.length <= LONGEST && /^[A-Za-z]/.test(text) && isKnown(text)) return text
  const meant = probablyMeant(text.slice(0, LONGEST))
  throw new TimeZoneError(
    `"${text.slice(0, LONGEST)}" is not a time zone`,
    meant ? `Write ${meant}` : 'Write a name of the IANA database, for example Europe/Berlin or UTC',
  )
}

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** `Berlin` and `Europe/Berlln` mean Europe/Berlin. */
function probablyMeant(text: string): string | undefined {
  const zones = Intl.supportedValuesOf('timeZone')
  const city = `/${text.toLowerCase().replaceAll(' ', '_')}`
  return zones.find((zone) => zone.toLowerCase().endsWith(city)) ?? nearestWord(text, zones)
}
