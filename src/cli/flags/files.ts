import { Flags } from '@oclif/core'
import { UserError } from '../../lib/errors.ts'
import type { ManifestSources } from '../../lib/manifests/read-manifests.ts'

const FILES = 'FILES'

/** kubectl's way to name manifests; then no cluster is asked. */
export const fileFlags = {
  filename: Flags.string({
    char: 'f',
    description:
      'Manifests to work on instead of a cluster: a file, a folder, or - for standard input; can be repeated',
    // As kubectl reads it: -f a.yaml,b.yaml
    delimiter: ',',
    helpGroup: FILES,
    multiple: true,
    multipleNonGreedy: true,
  }),
  recursive: Flags.boolean({
    char: 'R',
    description: 'With -f FOLDER: also the folders below it',
    helpGroup: FILES,
  }),
}

/** Flags that cannot go together with `-f`. */
export class FileFlagError extends UserError {}

interface GivenFlags {
  readonly filename?: readonly string[] | undefined
  readonly recursive?: boolean | undefined
  readonly 'dry-run'?: string | undefined
  readonly fix?: boolean | undefined
  readonly output?: string | undefined
}

/** The manifests that the flags name; undefined when a cluster is meant. */
export function manifestSources(flags: GivenFlags): ManifestSources | undefined {
  const names = flags.filename ?? []
  if (names.length === 0) {
    if (!flags.recursive) return undefined
    throw new FileFlagError('-R says how to read folders, and none is named', 'Name one with -f')
  }
  if (names.includes('')) throw new FileFlagError('-f names no file', 'Write -f FILE, -f FOLDER or -f -')
  if (flags['dry-run'] === 'server') {
    throw new FileFlagError('--dry-run=server asks an API server, and -f asks none', 'Use --dry-run=client')
  }
  // Only commands that write have the flag; lint does so with --fix only.
  const writes = flags['dry-run'] !== undefined && flags.fix !== false
  if (writes && names.includes('-')) refuseBesideInput(names, flags.output)
  return { names, recursive: flags.recursive ?? false, standardInput: () => process.stdin }
}

/** With `-f -` standard output is the edited text, and nobody is asked, since nothing on disk changes. */
function refuseBesideInput(names: readonly string[], output: string | undefined): void {
  if (names.length > 1) {
    throw new FileFlagError(
      '-f - cannot be written together with other files',
      'Run the command once for each',
    )
  }
  if (output) {
    throw new FileFlagError(
      `-f - prints the edited text, so -o ${output} has no place to go`,
      'Leave -o out, or name a file',
    )
  }
}
