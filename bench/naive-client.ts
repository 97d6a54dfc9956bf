import { Agent, request } from 'undici'
import { inParallel } from './in-parallel.ts'
import type { MeasuredStrategy } from './workload.ts'

const PARALLEL_APPLICATIONS = 10
const PARALLEL_TAGS = 20
const CONNECTIONS = 10
const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const byNumbers = new Intl.Collator('en', { numeric: true })

/**
 * The baseline: argocd-image-updater's cost model. For each image of each Application, ten Applications at a
 * time: a ping, a listing of all tags, and for newest-build the manifest and the configuration of every tag,
 * twenty at a time, except of those it has seen before, which it remembers by repository and tag for as long
 * as it runs (so a tag that moves is never noticed). Its default limit of 20 requests a second is left out.
 */
export class NaiveClient {
  readonly #url: string
  readonly #agent = new Agent({ connections: CONNECTIONS })
  readonly #builds = new Map<string, number>()

  /** @param host of a plain HTTP registry without authentication */
  constructor(host: string) {
    this.#url = `http://${host}`
  }

  /** Selects the tag of each repository; a repository is named once for each Application that uses it. */
  async check(repositories: readonly string[], strategy: MeasuredStrategy): Promise<(string | undefined)[]> {
    const selected: (string | undefined)[] = []
    await inParallel(PARALLEL_APPLICATIONS, repositories.entries(), async ([index, repository]) => {
      selected[index] = await this.#select(repository, strategy)
    })
    return selected
  }

  close(): Promise<void> {
    return this.#agent.close()
  }

  async #select(repository: string, strategy: MeasuredStrategy): Promise<string | undefined> {
    await this.#get('/v2/')
    const { tags } = (await this.#get(`/v2/${repository}/tags/list`)) as { tags: string[] }
    if (strategy === 'semver') return tags.toSorted(byNumbers.compare).at(-1)
    const unknown = tags.filter((tag) => !this.#builds.has(`${repository}:${tag}`))
    await inParallel(PARALLEL_TAGS, unknown.values(), (tag) => this.#readBuildDate(repository, tag))
    const builtAt = (tag: string) => this.#builds.get(`${repository}:${tag}`) ?? 0
    return tags.toSorted((a, b) => builtAt(a) - builtAt(b)).at(-1)
  }

  async #readBuildDate(repository: string, tag: string): Promise<void> {
    const manifest = await this.#get(`/v2/${repository}/manifests/${tag}`)
    const { digest } = (manifest as { config: { digest: string } }).config
    const config = await this.#get(`/v2/${repository}/blobs/${digest}`)
    this.#builds.set(`${repository}:${tag}`, Date.parse((config as { created: string }).created))
  }

  async #get(path: string): Promise<unknown> {
    const { statusCode, body } = await request(new URL(path, this.#url), {
      dispatcher: this.#agent,
      headers: { accept: path.includes('/manifests/') ? MANIFEST_TYPES : '*/*' },
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`GET ${path}: ${statusCode} ${text}`)
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }
}
