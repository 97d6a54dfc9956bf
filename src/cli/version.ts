import { PACKAGE } from './shipped.ts'

/** Of this plugin, without a leading v. */
export const VERSION = PACKAGE.version

/** The Node it is made for: `>=24.15`. */
export const NODE_WANTED = PACKAGE.engines.node
