import type { Application } from '../application/application.ts'
import { type ApplicationSelection, getApplication, listApplications } from '../cluster/applications.ts'
import type { ClusterClient } from '../cluster/client.ts'
import { listImageUpdaters } from '../cluster/image-updaters.ts'
import { UserError } from '../errors.ts'
import { type ApplyOptions, applyWrite } from '../writeback/apply.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import type { ApplicationStore } from './application-store.ts'

/** The Applications of a cluster. */
export class ClusterApplications implements ApplicationStore {
  readonly elsewhere = '; -A looks in all namespaces'
  readonly flags = ''
  readonly editedInput = undefined
  readonly #client: ClusterClient

  constructor(client: ClusterClient) {
    this.#client = client
  }

  get target() {
    return this.#client.target
  }

  get severalNamespaces(): boolean {
    return this.target.namespace === ''
  }

  get warnings(): ReadonlySet<string> {
    return this.#client.warnings
  }

  get description(): string {
    const { context, namespace, namespaceSource } = this.#client.target
    const where = namespace === '' ? 'all namespaces' : `namespace ${namespace}`
    const chosen = namespaceSource === 'default argocd' ? ' (the context names none)' : ''
    return `Context ${context} · ${where}${chosen}`
  }

  list(selection: ApplicationSelection) {
    return listApplications(this.#client, selection)
  }

  imageUpdaters(namespaces: readonly string[]) {
    const everywhere = this.severalNamespaces && namespaces.length > 0
    return listImageUpdaters(this.#client, everywhere ? [''] : namespaces)
  }

  async find(name: string | undefined): Promise<Application | undefined> {
    if (name === undefined) return undefined
    const [namespace, own] = name.includes('/') ? name.split('/', 2) : [this.target.namespace, name]
    if (!namespace) {
      throw new UserError(`which namespace is application "${name}" in?`, 'Write namespace/name, or -n')
    }
    return getApplication(this.#client, namespace, own ?? '')
  }

  again({ metadata }: Application): Promise<Application> {
    return getApplication(this.#client, metadata.namespace ?? '', metadata.name)
  }

  whereIs({ metadata }: Application): string {
    return `in context ${this.target.context}, namespace ${metadata.namespace ?? ''}`
  }

  fileOf(): undefined {}

  fileOfImageUpdater(): undefined {}

  textOf(): undefined {}

  obstacleTo(): string {
    return ''
  }

  write(write: ObjectWrite, options: ApplyOptions) {
    return applyWrite(this.#client, write, options)
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}
