import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a kubeconfig for the sandbox says. */
export interface KubeconfigOptions {
  readonly server: string
  readonly certificateAuthority: string
  readonly token: string
  readonly namespace: string
  /** Registries that speak plain HTTP: `127.0.0.1:5000`. */
  readonly plainHttpRegistries: readonly string[]
}

/** The kubeconfig extension in which the sandbox names its registry to the plugin's other commands. */
export const EXTENSION_NAME = 'kubectl-image-updater'

/**
 * A kubeconfig with one context, `sandbox`. The extension stands at the cluster and at the context: kubectl
 * keeps extensions it does not know.
 */
export function kubeconfigText(options: KubeconfigOptions): string {
  const registries = options.plainHttpRegistries.map((host) => JSON.stringify(host)).join(', ')
  const extension = `extensions:
    - name: ${EXTENSION_NAME}
      extension:
        plainHttpRegistries: [${registries}]`
  return `apiVersion: v1
kind: Config
current-context: sandbox
clusters:
- name: sandbox
  cluster:
    server: ${options.server}
    certificate-authority-data: ${Buffer.from(options.certificateAuthority).toString('base64')}
    ${extension}
users:
- name: sandbox
  user:
    token: ${options.token}
contexts:
- name: sandbox
  context:
    cluster: sandbox
    user: sandbox
    namespace: ${options.namespace}
    ${extension}
`
}

/** A kubeconfig on disk. */
export interface KubeconfigFile {
  readonly path: string
  /** Removes the file, and the directory where it was made for it. */
  remove(): Promise<void>
}

/**
 * Writes it, readable by its owner alone: to `kubeconfig` in the directory given, else in a new one under
 * the system's temporary directory.
 */
export async function writeKubeconfig(text: string, directory?: string): Promise<KubeconfigFile> {
  if (directory !== undefined) await mkdir(directory, { recursive: true, mode: 0o700 })
  const folder = directory ?? (await mkdtemp(join(tmpdir(), 'image-updater-sandbox-')))
  const path = join(folder, 'kubeconfig')
  // A file of an earlier start may have other permissions, or be a link to elsewhere: make a new one.
  await rm(path, { force: true })
  await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  return {
    path,
    remove: () =>
      rm(directory === undefined ? folder : path, { recursive: directory === undefined, force: true }),
  }
}
