import type { ConnectionFlags } from '../../lib/cluster/connection-flags.ts'
import type { CommandLine } from './command-line.ts'

const REPEATED = new Set(['as-group', 'as-user-extra'])
const SWITCHES = new Set(['all-namespaces', 'insecure-skip-tls-verify'])

/** The flags of a half-written command that say which cluster it is about. */
export function connectionOf(flags: CommandLine['flags']): ConnectionFlags {
  return Object.fromEntries(
    [...flags].map(([name, values]) => {
      if (REPEATED.has(name)) return [name, values]
      return [name, SWITCHES.has(name) ? values.at(-1) === 'true' : values.at(-1)]
    }),
  )
}
