import { homedir } from 'node:os'
import { loadKubeconfig } from '../../lib/cluster/load-kubeconfig.ts'
import { statedNamespace } from '../../lib/cluster/namespace.ts'
import { resolveConnection } from '../../lib/cluster/resolve-connection.ts'
import { cacheFolder } from '../../lib/state/cache-folder.ts'
import { ImageNames } from '../../lib/state/image-names.ts'
import type { CommandLine } from './command-line.ts'
import { connectionOf } from './connection-of.ts'

/** Where Argo CD may be when neither flags nor kubeconfig say so. */
const USUAL_NAMESPACES = ['argocd', 'default']

/**
 * The images of an Application as a command of this machine last saw them: aliases and canonical repositories.
 * Nobody is asked. @throws KubeconfigError
 */
export async function knownImages(
  { flags }: CommandLine,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const connection = connectionOf(flags)
  const platform = process.platform
  const kubeconfig = await loadKubeconfig(connection, process.env, platform)
  const cluster = await resolveConnection(kubeconfig, connection, { env: process.env, platform })
  const names = new ImageNames(cacheFolder(process.env, homedir()))
  const slash = name.indexOf('/')
  if (slash >= 0) return names.imagesOf(cluster, [name.slice(0, slash)], name.slice(slash + 1))
  const { namespace } = statedNamespace(connection, cluster) ?? {}
  const namespaces = namespace === undefined ? USUAL_NAMESPACES : [namespace].filter(Boolean)
  return names.imagesOf(cluster, namespaces, name)
}
