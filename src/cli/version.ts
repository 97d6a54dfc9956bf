import { readFileSync } from 'node:fs'

const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
  engines: { node: string }
}

/** Of this plugin, without a leading v. */
export const VERSION = packageJson.version

/** The Node it is made for: `>=24.15`. */
export const NODE_WANTED = packageJson.engines.node
