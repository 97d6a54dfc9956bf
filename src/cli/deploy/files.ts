import { readFile } from 'node:fs/promises'
import { FILES_FOLDER } from '../../lib/deploy/in-cluster-watch.ts'
import { readCommitTemplateFile } from '../../lib/engine/git/commit-template-file.ts'
import { readRegistriesFile } from '../../lib/engine/registries-conf.ts'
import { parseDestinationFlag } from '../../lib/notify/destination-flag.ts'
import { readSource } from '../../lib/notify/read-source.ts'
import type { RegistryEntry } from '../../lib/rules/registries-conf/registry-entry.ts'
import { warn } from '../session/session.ts'
import { DeployFlagError } from './flag-error.ts'

/** Flags of `watch` that name files of this machine. */
export interface FileNamingFlags {
  readonly 'registries-conf'?: string | undefined
  readonly 'commit-template'?: string | undefined
  readonly notify?: readonly string[] | undefined
}

/** The files for the Pods, and the flags as they name them there. */
export interface DeployedFiles {
  readonly files: ReadonlyMap<string, string>
  readonly flags: FileNamingFlags
  /** Entries of `--registries-conf`; undefined without it. */
  readonly registryEntries: readonly RegistryEntry[] | undefined
}

/**
 * Reads the files that the flags name, each checked as the watch will check it.
 *
 * @throws UserError for one that cannot be used, here or in a Pod
 */
export async function deployedFiles(given: FileNamingFlags, ownImage: boolean): Promise<DeployedFiles> {
  const files = new Map<string, string>()
  const add = (name: string, text: string): string => {
    files.set(name, text)
    return `${FILES_FOLDER}/${name}`
  }
  const { 'commit-template': template, 'registries-conf': registries } = given
  let registryEntries: readonly RegistryEntry[] | undefined
  let flags: FileNamingFlags = {}
  if (registries) {
    registryEntries = (await readRegistriesFile(registries, warn)).entries
    for (const entry of registryEntries) refuseMissing(registries, entry, ownImage)
    flags = { ...flags, 'registries-conf': add('registries.conf', await readFile(registries, 'utf8')) }
  }
  if (template) {
    await readCommitTemplateFile(template)
    flags = { ...flags, 'commit-template': add('commit-template', await readFile(template, 'utf8')) }
  }
  const notify: string[] = []
  for (const [index, flag] of (given.notify ?? []).entries()) {
    const source = parseDestinationFlag(flag).template
    if (source?.from !== 'file') {
      notify.push(flag)
      continue
    }
    const text = await readSource(source, '--notify', { env: {} })
    const file = add(`notify-template-${index + 1}`, text)
    notify.push(flag.replace(`template-file=${source.value}`, () => `template-file=${file}`))
  }
  return { files, flags: { ...flags, ...(given.notify && { notify }) }, registryEntries }
}

/** What an entry names that is on this machine, and not in a Pod. */
function refuseMissing(file: string, { caFile, credentials, name }: RegistryEntry, ownImage: boolean): void {
  if (caFile !== undefined) {
    throw new DeployFlagError(
      `${file}: registry ${name} has a ca_file, which is not in the Pod`,
      'Write the certificate into the file itself: ca_data',
    )
  }
  if (credentials?.source.type === 'ext' && !ownImage) {
    throw new DeployFlagError(
      `${file}: registry ${name} gets its login from a program, ${credentials.source.path}, which is not in the image`,
      'Name a Secret with pullsecret: or secret:, or an image of your own that has the program with --image',
    )
  }
}
