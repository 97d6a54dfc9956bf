import { fileURLToPath } from 'node:url'

const BUILT = fileURLToPath(new URL('../bin/run.js', import.meta.url))
/** A self-contained program to be tested in place of the built one. */
const named = process.env['IMAGE_UPDATER_PROGRAM']

/** The file that is `kubectl-image_updater`. */
export const PROGRAM = named ?? BUILT

/** The words that start it: the Node of the tests reads the built one. */
export const PROGRAM_WORDS: readonly [string, ...string[]] = named ? [named] : [process.execPath, BUILT]
