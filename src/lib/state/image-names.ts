import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { KeptDocuments } from './kept-documents.ts'

const LIMITS = { bytes: 8 * 1024 * 1024, files: 200 }
/** Of one cluster. */
const MOST_APPLICATIONS = 5000

/** As kubectl's flags and kubeconfig say it. */
export interface NamedCluster {
  readonly context: string
  readonly server: string
}

/** An Application, and the canonical repository of each of its aliases; '' where it is not known. */
export interface ApplicationImages {
  readonly namespace: string
  readonly name: string
  readonly repositories: ReadonlyMap<string, string>
}

/**
 * What the images of Applications are called, in the cache folder, for who completes words and may ask nobody.
 * Several processes may use it: each adds to what the others wrote.
 */
export class ImageNames {
  readonly #documents: KeptDocuments
  readonly #latest = new Map<string, string>()

  constructor(cacheFolder: string) {
    this.#documents = new KeptDocuments(join(cacheFolder, 'image-names'), LIMITS)
  }

  /** Takes what is known of these Applications in the place of what was; those without images are forgotten. */
  async remember(cluster: NamedCluster, applications: readonly ApplicationImages[]): Promise<void> {
    const key = keyOf(cluster)
    const names = applications.map(({ namespace, name, repositories }) => {
      return [`${namespace}/${name}`, Object.fromEntries(repositories)] as const
    })
    const text = JSON.stringify(names)
    if (this.#latest.get(key) === text) return
    this.#latest.set(key, text)
    const known = await this.#read(key)
    const before = JSON.stringify([...known])
    for (const [application, images] of names) {
      if (Object.keys(images).length === 0) known.delete(application)
      else known.set(application, images)
    }
    if (JSON.stringify([...known]) === before) return
    await this.#documents.write(key, Object.fromEntries([...known].slice(-MOST_APPLICATIONS)))
  }

  /** @param namespaces where to look, the first that has it counts; none: in all */
  async imagesOf(
    cluster: NamedCluster,
    namespaces: readonly string[],
    name: string,
  ): Promise<ReadonlyMap<string, string>> {
    const known = await this.#read(keyOf(cluster))
    const everywhere = [...known.keys()].filter((application) => application.endsWith(`/${name}`))
    const places = namespaces.length === 0 ? everywhere : namespaces.map((one) => `${one}/${name}`)
    const images = known.get(places.find((place) => known.has(place)) ?? '') ?? {}
    return new Map(Object.entries(images).filter((entry) => typeof entry[1] === 'string'))
  }

  async #read(key: string): Promise<Map<string, Record<string, string>>> {
    const found = await this.#documents.read(key)
    const entries = Object.entries(typeof found === 'object' ? (found ?? {}) : {})
    return new Map(entries.filter(([, images]) => typeof images === 'object' && images !== null))
  }
}

/** Contexts of several kubeconfigs may share a name, and clusters an address. */
function keyOf({ context, server }: NamedCluster): string {
  return createHash('sha256').update(`${context}\n${server}`).digest('hex')
}
