import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ClusterClient } from './client.ts'
import { SecretFields } from './secret-fields.ts'

/** A Secret by which Argo CD reaches a repository, or all repositories under a URL (`repo-creds`). */
export interface RepositorySecret {
  readonly role: 'repository' | 'template'
  readonly namespace: string
  readonly name: string
  /** Without a password that somebody wrote into it, which is no credential here; '' where the Secret has none. */
  readonly url: string
  /** The one AppProject whose Applications may use it; '' for all. */
  readonly project: string
  readonly fields: SecretFields
}

/** ConfigMaps of Argo CD that say whom to trust. */
export type TrustConfigMap = 'argocd-tls-certs-cm' | 'argocd-ssh-known-hosts-cm'

const LABEL = 'argocd.argoproj.io/secret-type'
const ROLES: Readonly<Record<string, RepositorySecret['role']>> = {
  repository: 'repository',
  'repo-creds': 'template',
}
const CONTROL_PLANE = 'argocd'

/** Reads what Argo CD knows about git repositories, each list and ConfigMap once a cycle. */
export class RepositoryReader {
  readonly #client: Pick<ClusterClient, 'get' | 'list'>
  readonly #controlPlane: string | undefined
  readonly #secrets = new Map<string, Promise<readonly RepositorySecret[]>>()
  readonly #configMaps = new Map<string, Promise<ReadonlyMap<string, string>>>()

  /** @param controlPlane the namespace of Argo CD, where somebody said so: no other is looked at */
  constructor(client: Pick<ClusterClient, 'get' | 'list'>, controlPlane?: string) {
    this.#client = client
    this.#controlPlane = controlPlane
  }

  /**
   * Where to look, in this order, for what concerns an object of `namespace`: where Argo CD runs, and where
   * that is not told, there and then in `argocd`. AppProjects are looked for in the same places.
   */
  places(namespace: string): readonly string[] {
    if (this.#controlPlane) return [this.#controlPlane]
    return [...new Set([namespace || CONTROL_PLANE, CONTROL_PLANE])]
  }

  /** Secrets for git repositories; those for Helm and OCI registries are left out. @throws ClusterError */
  secrets(namespace: string): Promise<readonly RepositorySecret[]> {
    return once(this.#secrets, namespace, async () => {
      const path = { group: '', version: 'v1', resource: 'secrets', namespace }
      const labelSelector = `${LABEL} in (${Object.keys(ROLES).join(',')})`
      const found = await this.#client.list(path, { labelSelector })
      return found.map((secret) => toRepositorySecret(secret, namespace)).filter((each) => each !== undefined)
    })
  }

  /** The data of a ConfigMap. @throws ClusterError, also where there is none */
  configMap(namespace: string, name: TrustConfigMap): Promise<ReadonlyMap<string, string>> {
    return once(this.#configMaps, `${namespace}/${name}`, async () => {
      const path = { group: '', version: 'v1', resource: 'configmaps', namespace, name }
      return textsOf(await this.#client.get(path))
    })
  }

  newCycle(): void {
    this.#secrets.clear()
    this.#configMaps.clear()
  }
}

/** The AppProject of an Application, where nothing means `default`. */
export function projectOf({ spec }: Application): string {
  const project = spec?.['project']
  return typeof project === 'string' && project !== '' ? project : 'default'
}

function toRepositorySecret(secret: KubernetesObject, namespace: string): RepositorySecret | undefined {
  const role = ROLES[secret.metadata.labels?.[LABEL] ?? '']
  const fields = new SecretFields(secret)
  const type = fields.text('type')
  if (role === undefined || (type !== '' && type !== 'git')) return undefined
  const { name } = secret.metadata
  const url = fields.text('url').replace(/^([a-z]+:\/\/[^/@:]*):[^/]*@/i, '$1@')
  return { role, namespace, name, url, project: fields.text('project'), fields }
}

function textsOf({ data }: KubernetesObject): ReadonlyMap<string, string> {
  const entries = typeof data === 'object' && data !== null ? Object.entries(data) : []
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function once<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const before = known.get(key)
  if (before) return before
  const reading = read()
  known.set(key, reading)
  return reading
}
