import { fstatSync } from 'node:fs'

/**
 * Whether standard output and standard error are read in one place, a terminal or one file for both. Only then
 * does a line on stderr need a blank one between itself and the data.
 */
export function outputsAreOne(): boolean {
  if (process.stdout.isTTY && process.stderr.isTTY) return true
  try {
    const [data, notes] = [fstatSync(1), fstatSync(2)]
    return data.dev === notes.dev && data.ino === notes.ino
  } catch {
    // One of them is closed.
    return false
  }
}
