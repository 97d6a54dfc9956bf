import { secretFolder } from '../../lib/deploy/in-cluster-watch.ts'
import { type DestinationFlag, parseDestinationFlag, type Source } from '../../lib/notify/destination-flag.ts'
import { DeployFlagError } from './flag-error.ts'

/** Flags that lead to secrets of the watch, and those that say where a Pod has them. */
export interface SecretFlags {
  readonly notify?: readonly string[] | undefined
  readonly 'pull-request-token-env'?: readonly string[] | undefined
  readonly 'commit-signing'?: string | undefined
  readonly 'commit-signing-key'?: string | undefined
  readonly env?: readonly string[] | undefined
  readonly 'env-from-secret'?: readonly string[] | undefined
  readonly 'mount-secret'?: readonly string[] | undefined
  readonly image?: string | undefined
}

/**
 * Sees to it that no secret stands in a manifest, and that a Pod has those that its flags name.
 *
 * @throws DeployFlagError, which quotes nothing that may be secret; NotifyError
 */
export function checkSecrets(flags: SecretFlags): void {
  for (const text of flags.notify ?? []) checkDestination(parseDestinationFlag(text), flags)
  for (const pair of flags['pull-request-token-env'] ?? []) {
    needVariable('--pull-request-token-env', pair.slice(pair.indexOf('=') + 1), flags)
  }
  const { 'commit-signing': signing = 'auto', 'commit-signing-key': key } = flags
  if (signing === 'openpgp' || signing === 'x509') {
    throw new DeployFlagError(
      `--commit-signing ${signing} needs a keyring, which a Pod has not`,
      'Sign with an SSH key: --commit-signing ssh --commit-signing-key /secrets/NAME/KEY --mount-secret NAME',
    )
  }
  if (key !== undefined) needFile('--commit-signing-key', key, flags)
}

function checkDestination({ headers, kind, target }: DestinationFlag, flags: SecretFlags): void {
  const flag = `--notify ${kind}`
  if (kind === 'command') {
    if (flags.image !== undefined) return
    throw new DeployFlagError(
      `${flag}: the image has no programs but this one`,
      'Use slack or webhook, or an image of your own that has the program with --image',
    )
  }
  if (target.from === 'flag') {
    throw new DeployFlagError(
      `${flag}: its URL would stand in the manifest, where everybody may read it`,
      `Put it into a Secret: ${kind}:url-env=VARIABLE --env-from-secret NAME`,
    )
  }
  for (const source of [target, ...headers.map(({ value }) => value)]) needSource(flag, source, flags)
}

function needSource(flag: string, { from, value }: Source, flags: SecretFlags): void {
  if (from === 'env') needVariable(flag, value, flags)
  if (from === 'file') needFile(flag, value, flags)
}

function needVariable(flag: string, name: string, flags: SecretFlags): void {
  if ((flags['env-from-secret'] ?? []).length > 0) return
  if ((flags.env ?? []).some((pair) => pair.startsWith(`${name}=`))) return
  throw new DeployFlagError(
    `${flag}: the Pods have no environment variable ${name}`,
    `Name a Secret that has it as a key: --env-from-secret NAME`,
  )
}

function needFile(flag: string, path: string, flags: SecretFlags): void {
  const folders = (flags['mount-secret'] ?? []).map((name) => `${secretFolder(name)}/`)
  if (folders.some((folder) => path.startsWith(folder))) return
  throw new DeployFlagError(
    `${flag}: the Pods have no file ${path}`,
    'Mount a Secret that has it as a key: --mount-secret NAME makes it /secrets/NAME/KEY',
  )
}
