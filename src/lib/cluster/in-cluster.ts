import { readFile, stat } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import path from 'node:path'
import type { Connection } from './connection.ts'
import { EMPTY_CLUSTER, type UserEntry } from './kubeconfig.ts'

/** How the cluster that a Pod runs in is called, where a kubeconfig would name a context. */
export const IN_CLUSTER = 'in-cluster'

/** The folder into which a Pod's service account is mounted. */
export type ServiceAccountFiles = string
const SERVICE_ACCOUNT_FILES: ServiceAccountFiles = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The connection of a Pod to its own API server, or undefined where this is no Pod: as in client-go, both
 * the service's host and port must be in the environment and the token file must exist.
 * The namespace is POD_NAMESPACE, else the service account's.
 *
 * @param user what flags said about credentials; a token given there is used instead of the Pod's.
 */
export async function inClusterConnection(
  env: Readonly<Record<string, string | undefined>>,
  user: UserEntry,
  requestTimeout: number,
  folder: ServiceAccountFiles = SERVICE_ACCOUNT_FILES,
): Promise<Connection | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT']
  const tokenFile = path.join(folder, 'token')
  if (!host || !port || !(await isFile(tokenFile))) return undefined
  const authority = path.join(folder, 'ca.crt')
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
  return {
    context: IN_CLUSTER,
    userName: '',
    server,
    cluster: {
      ...EMPTY_CLUSTER,
      server,
      certificateAuthority: (await isFile(authority)) ? authority : '',
    },
    user: user.token === '' ? { ...user, tokenFile } : user,
    contextNamespace: await podNamespace(env, folder),
    requestTimeout,
    addressNote: '',
  }
}

/** The namespace of the Pod this runs in: POD_NAMESPACE, else the service account's; '' where neither says it. */
export async function podNamespace(
  env: Readonly<Record<string, string | undefined>>,
  folder: ServiceAccountFiles = SERVICE_ACCOUNT_FILES,
): Promise<string> {
  return env['POD_NAMESPACE'] || (await readNamespace(path.join(folder, 'namespace')))
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => !found.isDirectory(),
    () => false,
  )
}

async function readNamespace(file: string): Promise<string> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  )
}
