import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ClusterClient } from './client.ts'

/** Reads Secrets, each once a cycle however many images name it. */
export class SecretReader {
  readonly #client: Pick<ClusterClient, 'get'>
  readonly #read = new Map<string, Promise<KubernetesObject>>()
  readonly #readAgain = new Set<string>()

  constructor(client: Pick<ClusterClient, 'get'>) {
    this.#client = client
  }

  /**
   * @param anew what was read no longer helps: it is read once more, but only once a cycle
   * @throws ClusterError
   */
  read(namespace: string, name: string, anew = false): Promise<KubernetesObject> {
    const key = `${namespace}/${name}`
    const again = anew && !this.#readAgain.has(key)
    if (again) this.#readAgain.add(key)
    const known = again ? undefined : this.#read.get(key)
    if (known) return known
    const secret = this.#client.get({ group: '', version: 'v1', resource: 'secrets', namespace, name })
    this.#read.set(key, secret)
    return secret
  }

  newCycle(): void {
    this.#read.clear()
    this.#readAgain.clear()
  }
}
