/**
 * Whether this is the program with its runtime inside: process.execPath then is the program itself. The bundle has
 * the other answer in this file's place (packaging/bundle.ts).
 */
export const SELF_CONTAINED: boolean = false
