import { spawnSync } from 'node:child_process'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROGRAM_WORDS } from '../../program.ts'
import { type Running, startProgram } from './plugin.ts'

/** What the kubelet mounts for a service account. */
export interface ServiceAccount {
  readonly token: string
  readonly certificateAuthority: string
  readonly namespace: string
}

export interface PodOptions {
  /** A folder of the test's own. */
  readonly folder: string
  readonly account: ServiceAccount
  /** KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT. */
  readonly server: { readonly host: string; readonly port: string }
}

/** The surroundings of a container in a Pod: what is mounted, what is in the environment, who it runs as. */
export interface Pod {
  /** The only folder that can be written to. */
  readonly emptyDir: string
  /** As the kubelet does before a token expires. */
  rotate(token: string): Promise<void>
  /** Starts the program as the first and only one of the container. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running
}

/** A namespace of mounts in which nothing but the folder `$2` is writable, and `$1` is the service account. */
const CONTAINER = `
set -e
mount -t tmpfs none /run
mkdir -p /run/secrets/kubernetes.io/serviceaccount
mount --bind "$1" /run/secrets/kubernetes.io/serviceaccount
mount --bind "$2" "$2"
mount -o remount,bind,ro /
shift 2
exec unshare --map-user=65532 --map-group=65532 "$@"`
const OWN_VIEW = ['--map-root-user', '--mount', 'sh', '-c', CONTAINER, 'sh']

/** Whether this machine lets its users have mounts of their own. */
export const canRunPods =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs none /run']).status === 0

/** A container without HOME, without a name for its user, without a terminal, with a read-only root. */
export async function openPod({ account, folder, server }: PodOptions): Promise<Pod> {
  const mounted = join(folder, 'serviceaccount')
  const emptyDir = join(folder, 'emptydir')
  await Promise.all([mkdir(mounted), mkdir(emptyDir)])
  await writeFile(join(mounted, 'ca.crt'), account.certificateAuthority)
  await writeFile(join(mounted, 'namespace'), account.namespace)
  const rotate = async (token: string) => {
    await writeFile(join(mounted, 'token.new'), token)
    await rename(join(mounted, 'token.new'), join(mounted, 'token'))
  }
  await rotate(account.token)
  return {
    emptyDir,
    rotate,
    start: (args, env = {}) =>
      startProgram('unshare', [...OWN_VIEW, mounted, emptyDir, ...PROGRAM_WORDS, ...args], {
        env: {
          KUBERNETES_SERVICE_HOST: server.host,
          KUBERNETES_SERVICE_PORT: server.port,
          PATH: process.env['PATH'] ?? '',
          TMPDIR: emptyDir,
          XDG_CACHE_HOME: emptyDir,
          XDG_STATE_HOME: emptyDir,
          ...env,
        },
      }),
  }
}
