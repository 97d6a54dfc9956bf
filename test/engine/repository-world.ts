import type { Application } from '../../src/lib/application/application.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { ClusterError } from '../../src/lib/cluster/client.ts'
import { RepositoryReader } from '../../src/lib/cluster/repositories.ts'
import type { ResourcePath } from '../../src/lib/cluster/resource-path.ts'
import { SecretReader } from '../../src/lib/cluster/secrets.ts'
import { GitAccessFinder, type GitAccessOptions } from '../../src/lib/engine/git-access.ts'
import type { FoundGitAccess } from '../../src/lib/git/credentials/git-access.ts'
import { GitHubAppTokens } from '../../src/lib/git/credentials/github-app-token.ts'
import { secretData } from './credential-world.ts'
import { FakeCluster } from './fake-cluster.ts'

export interface RepositoryWorld {
  readonly repositories: RepositoryReader
  readonly secrets: SecretReader
  /** Every request: `list secrets argocd`, `get configmaps argocd/argocd-tls-certs-cm`. */
  readonly asked: string[]
  /** What may not be read: `secrets argocd`, `configmaps argocd`. */
  readonly forbidden: Set<string>
  /** A Secret for Argo CD, or any with another `type`. */
  secret(place: string, fields: Record<string, string>, more?: SecretOptions): void
  configMap(place: string, data: Record<string, string>): void
  find(method: string, url: string, options?: FindOptions): Promise<FoundGitAccess>
}

export interface SecretOptions {
  /** Of the label: repository by default; '' for none. */
  readonly type?: string
  readonly annotations?: Record<string, string>
}

export interface FindOptions extends Partial<GitAccessOptions> {
  readonly namespace?: string
  readonly project?: string
}

/** A cluster with what Argo CD knows about repositories. @param now milliseconds since the epoch */
export function repositoryWorld(controlPlane?: string, now = () => Date.now()): RepositoryWorld {
  const cluster = new FakeCluster()
  const asked: string[] = []
  const forbidden = new Set<string>()
  const check = (verb: string, { resource, namespace, name }: ResourcePath) => {
    asked.push(`${verb} ${resource} ${namespace}${name === undefined ? '' : `/${name}`}`)
    if (!forbidden.has(`${resource} ${namespace}`)) return
    throw new ClusterError(`${resource} is forbidden`, 403, 'Forbidden', 'Ask for the right')
  }
  const client = {
    get: async (path: ResourcePath): Promise<KubernetesObject> => {
      check('get', path)
      return cluster.get(path)
    },
    list: async (path: ResourcePath): Promise<KubernetesObject[]> => {
      check('list', path)
      return cluster.list(path)
    },
  }
  const repositories = new RepositoryReader(client, controlPlane)
  const secrets = new SecretReader(client)
  const tokens = new GitHubAppTokens({ env: {}, userAgent: 'test', now })
  return {
    repositories,
    secrets,
    asked,
    forbidden,
    secret(place, fields, { type = 'repository', annotations = {} } = {}) {
      const labels = type === '' ? {} : { 'argocd.argoproj.io/secret-type': type }
      cluster.put('secrets', { metadata: { ...named(place), labels, annotations }, data: secretData(fields) })
    },
    configMap(place, data) {
      cluster.put('configmaps', { metadata: named(place), data })
    },
    find(written, url, { namespace = 'argocd', project = 'default', ...options } = {}) {
      const finder = new GitAccessFinder({
        repositories,
        secrets,
        tokens,
        credentials: 'argocd',
        anyNamespace: false,
        allowedHosts: [],
        ...options,
      })
      const shop: Application = { metadata: { name: 'shop', namespace }, spec: { project } }
      return finder.find({ written }, shop, url)
    },
  }
}

function named(place: string): { namespace: string; name: string } {
  const [namespace = '', name = ''] = place.split('/')
  return { namespace, name }
}
