import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { runCommand } from './command.ts'
import type { PrivateApt } from './private-apt.ts'

/**
 * Debian packages that are unpacked, not installed: installing would start a registry on all interfaces.
 * moto (the ECR emulator) is Debian 13's; python3-flask-cors, -docker and -yaml are what its package forgets.
 */
const PACKAGES = [
  'etcd-server',
  'docker-registry',
  'python3-moto/trixie',
  'python3-flask-cors',
  'python3-docker',
  'python3-yaml',
]

/** What is unpacked: written last, so a folder that has it is complete. */
interface Stamp {
  /** Version by package, dependencies included. */
  readonly versions: Readonly<Record<string, string>>
}

/** The folder of the unpacked packages below the cache, whether or not it is there yet. */
export function packagesFolder(cache: string): string {
  const recipe = createHash('sha256').update(PACKAGES.join('\n')).digest('hex').slice(0, 12)
  return join(cache, `packages-${recipe}`)
}

/** What an earlier run has unpacked, or undefined. */
export async function unpackedVersions(cache: string): Promise<Stamp['versions'] | undefined> {
  const text = await readFile(join(packagesFolder(cache), 'stamp.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Stamp).versions
}

/** Fetches and unpacks the packages; the folder appears whole or not at all. */
export async function unpackPackages(apt: PrivateApt, cache: string): Promise<void> {
  const files = await apt.downloadWithDependencies(PACKAGES)
  const unfinished = await mkdtemp(join(cache, 'unpacking-'))
  try {
    const versions: Record<string, string> = {}
    for (const file of files) {
      await runCommand('dpkg', ['--extract', file, unfinished])
      const [name, version] = basename(file).split('_')
      if (name && version) versions[name] = decodeURIComponent(version)
    }
    await writeFile(join(unfinished, 'stamp.json'), JSON.stringify({ versions } satisfies Stamp, null, 2))
    await mkdir(cache, { recursive: true })
    await rm(packagesFolder(cache), { recursive: true, force: true })
    await rename(unfinished, packagesFolder(cache))
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}
