import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommandOptions, runCommand } from './command.ts'
import { findOnPath } from './find-binary.ts'
import { MissingComponentError } from './missing-component-error.ts'

const REMEDY =
  'Run on Debian 12, or put etcd, kube-apiserver (or set KUBEBUILDER_ASSETS), docker-registry and moto_server on PATH.'

/** An apt with lists and downloads of its own: the system's package state is read, never changed. */
export interface PrivateApt {
  /** Downloads the packages and whatever of their dependencies this system lacks; returns the .deb files. */
  downloadWithDependencies(packages: readonly string[]): Promise<string[]>
  /** Downloads just these packages; returns the .deb files. */
  download(packages: readonly string[]): Promise<string[]>
  /** Downloads a source package; returns its files. */
  downloadSource(name: string): Promise<string[]>
  remove(): Promise<void>
}

/**
 * Sets up apt for Debian 12 (bookworm, binary and source) and, only where asked by name, Debian 13 (trixie).
 * The mirror is the one that this system already uses.
 * @throws MissingComponentError on a system without apt or without Debian 12 among its sources
 */
export async function openPrivateApt(parent: string, signal?: AbortSignal): Promise<PrivateApt> {
  const mirror = await debianMirror()
  const folder = await mkdtemp(join(parent, 'apt-'))
  const configuration = join(folder, 'apt.conf')
  const run = (args: string[], options: CommandOptions = {}) =>
    runCommand('apt-get', ['--config-file', configuration, '--quiet', '--assume-yes', ...args], {
      env: { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      ...(signal && { signal }),
      ...options,
    })
  const downloadInto = async (name: string, args: string[]) => {
    const target = await mkdtemp(join(folder, `${name}-`))
    await run(args, { cwd: target })
    return (await readdir(target)).map((file) => join(target, file))
  }
  try {
    await writeConfiguration(folder, configuration, mirror)
    await run(['update'])
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    async downloadWithDependencies(packages) {
      await run(['--download-only', '--reinstall', '--no-install-recommends', 'install', ...packages])
      const archives = join(folder, 'cache', 'archives')
      const files = await readdir(archives)
      return files.filter((file) => file.endsWith('.deb')).map((file) => join(archives, file))
    },
    download: (packages) => downloadInto('debs', ['download', ...packages]),
    downloadSource: (name) => downloadInto('source', ['--download-only', 'source', name]),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function debianMirror(): Promise<string> {
  if (!(await findOnPath('apt-get'))) {
    throw new MissingComponentError('There is no apt-get here to fetch test components with.', REMEDY)
  }
  const sources = await runCommand('apt-get', ['update', '--print-uris'])
  const mirror = /^'(\S+)\/dists\/bookworm\/InRelease'/m.exec(sources)?.[1]
  if (mirror) return mirror
  throw new MissingComponentError(
    'Debian 12 (bookworm) is not among the package sources of this system.',
    REMEDY,
  )
}

async function writeConfiguration(folder: string, configuration: string, mirror: string): Promise<void> {
  for (const name of ['sources', 'state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  const source = (types: string, suite: string) =>
    `Types: ${types}\nURIs: ${mirror}\nSuites: ${suite}\nComponents: main\n` +
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n'
  await writeFile(join(folder, 'sources', 'bookworm.sources'), source('deb deb-src', 'bookworm'))
  await writeFile(join(folder, 'sources', 'trixie.sources'), source('deb', 'trixie'))
  await writeFile(join(folder, 'preferences'), 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n')
  // Read after the system's own configuration, whose proxies are wanted and whose hooks are not.
  const settings = [
    '#clear APT::Update;',
    '#clear DPkg;',
    'Dir::Etc::sourcelist "/dev/null";',
    `Dir::Etc::sourceparts "${folder}/sources";`,
    `Dir::Etc::preferences "${folder}/preferences";`,
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State "${folder}/state";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${folder}/cache";`,
    `Dir::Cache::archives "${folder}/cache/archives";`,
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Debug::NoLocking "true";',
  ]
  await writeFile(configuration, `${settings.join('\n')}\n`)
}
