import { fileURLToPath } from 'node:url'

const BUILT = fileURLToPath(new URL('../bin/run.js', import.meta.url))
/** A self-contained program to be tested in place of the built one. */
const named = process.env['IMAGE_UPDATER_PROGRAM']

/** The file that is `kubectl-image_updater`. */
export const PROGRAM = named ?? BUILT

/** The words that start it: the Node of the tests reads the built one. */
export const PROGRAM_WORDS: readonly [string, ...string[]] = named ? [named] : [process.execPath, BUILT]

/**
 * Where the Node of the program keeps compiled code in tests: in one place for all of them, which is faster, and not
 * in homes that are taken away while a program in a terminal may still end.
 */
export const COMPILED_CODE = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)),
}
