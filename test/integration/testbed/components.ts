import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { runCommand } from './command.ts'
import { withFileLock } from './file-lock.ts'
import { findOnPath, isExecutable } from './find-binary.ts'
import { buildKubeApiserver, kubeApiserverFile } from './kube-apiserver.ts'
import { MissingComponentError } from './missing-component-error.ts'
import { packagesFolder, unpackedVersions, unpackPackages } from './packages.ts'
import { openPrivateApt } from './private-apt.ts'

const PYTHON = '/usr/bin/python3'

/** How to start each real component: a command and the environment it needs beyond this process's own. */
export interface Components {
  readonly etcd: string
  readonly kubeApiserver: string
  readonly dockerRegistry: string
  readonly openssl: string
  readonly moto: { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> }
}

/**
 * Finds every component: what the developer already has first (`KUBEBUILDER_ASSETS`, PATH), then the cache;
 * what is in neither is fetched and built into the cache, by one process at a time.
 * @param announce is told what takes long, one line each
 * @throws MissingComponentError that names what is missing and what to do
 */
export async function installComponents(
  announce: (line: string) => void,
  signal?: AbortSignal,
): Promise<Components> {
  const own = await ownComponents()
  const openssl = await findOpenssl()
  const needsPackages = !(own.etcd && own.dockerRegistry && own.moto)
  const cache = cacheFolder()
  const complete = async () => ({
    packages: !needsPackages || (await unpackedVersions(cache)) !== undefined,
    kubeApiserver: own.kubeApiserver !== undefined || (await exists(await kubeApiserverFile(cache))),
  })
  const before = await complete()
  if (!before.packages || !before.kubeApiserver) {
    await mkdir(cache, { recursive: true })
    await withFileLock(join(cache, 'lock'), async () => {
      const now = await complete()
      if (now.packages && now.kubeApiserver) return
      announce(`fetching test components into ${cache}`)
      const apt = await openPrivateApt(cache, signal)
      try {
        if (!now.packages) await unpackPackages(apt, cache)
        if (!now.kubeApiserver) {
          announce('building kube-apiserver from source: about three minutes, once a machine')
          await buildKubeApiserver(apt, cache, signal)
        }
      } finally {
        await apt.remove()
      }
    })
  }
  const unpacked = join(packagesFolder(cache), 'usr')
  return {
    etcd: own.etcd ?? join(unpacked, 'bin', 'etcd'),
    kubeApiserver: own.kubeApiserver ?? (await kubeApiserverFile(cache)),
    dockerRegistry: own.dockerRegistry ?? join(unpacked, 'bin', 'docker-registry'),
    openssl,
    moto: own.moto ?? (await unpackedMoto(unpacked)),
  }
}

type OwnComponents = { readonly [Name in Exclude<keyof Components, 'openssl'>]: Components[Name] | undefined }

async function ownComponents(): Promise<OwnComponents> {
  const motoServer = await findOnPath('moto_server')
  return {
    ...(await ownKubernetes()),
    dockerRegistry: await findRegistry(),
    moto: motoServer ? { command: [motoServer], env: {} } : undefined,
  }
}

async function ownKubernetes(): Promise<Pick<OwnComponents, 'etcd' | 'kubeApiserver'>> {
  const assets = process.env['KUBEBUILDER_ASSETS']
  if (!assets) return { etcd: await findOnPath('etcd'), kubeApiserver: await findOnPath('kube-apiserver') }
  const binaries = { etcd: join(assets, 'etcd'), kubeApiserver: join(assets, 'kube-apiserver') }
  for (const file of Object.values(binaries)) {
    if (await isExecutable(file)) continue
    throw new MissingComponentError(
      `KUBEBUILDER_ASSETS is set, but ${file} is not an executable file.`,
      'Point it to a folder with etcd and kube-apiserver (setup-envtest makes one), or unset it.',
    )
  }
  return binaries
}

/** Debian calls it docker-registry, upstream plain `registry`: a name that others use too. */
async function findRegistry(): Promise<string | undefined> {
  const upstream = await findOnPath('registry')
  const version = upstream && (await runCommand(upstream, ['--version']).catch(() => ''))
  return (await findOnPath('docker-registry')) ?? (version?.includes('distribution') ? upstream : undefined)
}

/** Debian's Python packages are for Debian's Python, whatever else PATH offers. */
async function unpackedMoto(unpacked: string): Promise<Components['moto']> {
  if (!(await isExecutable(PYTHON))) {
    throw new MissingComponentError(
      `moto, the ECR emulator, needs ${PYTHON}.`,
      'Install the package python3.',
    )
  }
  return {
    command: [PYTHON, join(unpacked, 'bin', 'moto_server')],
    env: { PYTHONPATH: join(unpacked, 'lib', 'python3', 'dist-packages') },
  }
}

async function findOpenssl(): Promise<string> {
  const openssl = await findOnPath('openssl')
  if (openssl) return openssl
  throw new MissingComponentError(
    'openssl, which makes the test certificates, is not on PATH.',
    'Install it.',
  )
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
