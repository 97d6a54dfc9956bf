import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from './command.ts'
import { MissingComponentError } from './missing-component-error.ts'
import type { PrivateApt } from './private-apt.ts'

const SCRIPT = fileURLToPath(new URL('build-kube-apiserver.sh', import.meta.url))
const BUILD_PACKAGES = ['golang-1.19-go', 'golang-1.19-src', 'golang-github-modern-go-reflect2-dev']

/** Where the built binary is kept below the cache, whether or not it is there yet. */
export async function kubeApiserverFile(cache: string): Promise<string> {
  const recipe = createHash('sha256')
    .update(await readFile(SCRIPT))
    .digest('hex')
    .slice(0, 12)
  return join(cache, `kube-apiserver-${recipe}`)
}

/**
 * Builds kube-apiserver from Debian's source package: about three minutes on two cores, once a machine.
 * The binary (61 MB) is kept, everything else (2 GB) is removed.
 */
export async function buildKubeApiserver(
  apt: PrivateApt,
  cache: string,
  signal?: AbortSignal,
): Promise<void> {
  const debs = await apt.download(BUILD_PACKAGES)
  const sources = await apt.downloadSource('kubernetes')
  const source = sources.find((file) => /^kubernetes_.*\.orig\.tar\.gz$/.test(basename(file)))
  if (source === undefined) {
    throw new MissingComponentError(
      "Debian's kubernetes source package holds no kubernetes_*.orig.tar.gz, so kube-apiserver cannot be built.",
      'Set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd.',
    )
  }
  const work = await mkdtemp(join(cache, 'build-'))
  try {
    const root = join(work, 'root')
    await mkdir(root)
    for (const deb of debs) await runCommand('dpkg', ['--extract', deb, root])
    const built = join(work, 'kube-apiserver')
    await runCommand('nice', ['-n', '10', 'bash', SCRIPT, root, source, built], {
      cwd: work,
      ...(signal && { signal }),
    })
    await rename(built, await kubeApiserverFile(cache))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
