import type { Candidate } from './candidate.ts'

/** Since when an image is there, and who says so. */
export interface Age {
  readonly since: Date
  readonly clock: 'registry' | 'first sight'
}

/** When an image with this age has the age that is wanted. */
export function matureAt({ since }: Age, minAge: number): Date {
  return new Date(since.getTime() + minAge)
}

/**
 * Of candidates, best first, those from which one may be taken with a minimum age: what is better than the
 * running tag. Waiting for the very newest would never end where CI pushes more often than the age that is
 * wanted, so the best one that is old enough is taken instead.
 *
 * @param running '' when it is not known: then every candidate is worth a look
 */
export function betterThan(ranked: readonly Candidate[], running: string): readonly Candidate[] {
  const place = ranked.findIndex(({ tag }) => tag === running)
  // The running tag itself, where it is the best, may have moved to another image.
  return place < 0 ? ranked : ranked.slice(0, Math.max(place, 1))
}
