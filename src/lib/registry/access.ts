import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { ImageReference } from '../image/reference.ts'
import { Authentication } from './authentication.ts'
import { bounded } from './bounded.ts'
import { type Clock, systemClock } from './clock.ts'
import { ContentStore } from './content-store.ts'
import type { CredentialLookup } from './credentials/credential.ts'
import { localCredentials } from './credentials/local-credentials.ts'
import { describeImage } from './describe.ts'
import { isDigest } from './digest.ts'
import { DiskCache } from './disk-cache.ts'
import { HUB_API_HOST } from './docker-hub.ts'
import { endpointOf, type RepositoryEndpoint } from './endpoint.ts'
import type { RealmRules } from './realm.ts'
import { followRedirects } from './redirect.ts'
import type { ImageDescription, RegistryAccess, TagListing } from './registry.ts'
import type { RepositoryReader } from './repository-reader.ts'
import { RepositoryReaders } from './repository-readers.ts'
import { Patience } from './retry.ts'
import { openTransport, type TransportTimeouts } from './transport.ts'

export interface RegistryAccessOptions {
  /** `kubectl-image-updater/1.2.3`. */
  readonly userAgent: string
  /**
   * Environment to read proxies and credential files from; the process's own by default. The AWS SDK always
   * reads the process's own.
   */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The operator's home directory. */
  readonly home?: string
  /** Where content is kept between runs; '' for nowhere. Default: `$XDG_CACHE_HOME/kubectl-image-updater`. */
  readonly cacheDir?: string
  /** Registries asked over plain http, `host` or `host:port`; being named here allows them too. */
  readonly plainHttpHosts?: readonly string[]
  /** Registries on loopback or private address literals that may be asked. */
  readonly allowedHosts?: readonly string[]
  /** Token servers, `host` or `host:port`, that may be sent passwords though they are not the registry's own host. */
  readonly trustedRealms?: readonly string[]
  /** PEM files with more certificate authorities, by `host` or `host:port`. */
  readonly caFiles?: Readonly<Record<string, string>>
  /** Requests in flight a host; default 8. */
  readonly concurrency?: number
  readonly timeouts?: Partial<TransportTimeouts>
  /** Where credentials come from; default: docker's and podman's files of `home` and `env`. */
  readonly credentials?: CredentialLookup
  readonly clock?: Clock
  /** Told what is wrong but stops nothing. */
  readonly warn?: (message: string) => void
}

const TIMEOUTS: TransportTimeouts = { connect: 10_000, headers: 30_000, body: 30_000 }
const CONCURRENCY = 8
const PER_SECOND = 20
const HUB_PER_SECOND = 10

/** What is forgotten when a new cycle begins. */
interface Cycle {
  readonly listings: Map<string, Promise<TagListing>>
  readonly digests: Map<string, Promise<string>>
}

/**
 * Opens the one door to all registries: transport, limits, redirects, patience, authentication and the
 * API clients stacked on each other, with shared work and kept content in front.
 */
export function openRegistryAccess(options: RegistryAccessOptions): RegistryAccess {
  const env = options.env ?? process.env
  const home = options.home ?? homedir()
  const clock = options.clock ?? systemClock
  const rules: RealmRules = {
    allowedHosts: options.allowedHosts ?? [],
    plainHttpHosts: options.plainHttpHosts ?? [],
    trustedRealms: options.trustedRealms ?? [],
  }
  const requests = new Map<string, number>()
  const onRequest = (host: string) => void requests.set(host, (requests.get(host) ?? 0) + 1)
  const transport = openTransport({
    env,
    userAgent: options.userAgent,
    rules,
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    caFiles: options.caFiles ?? {},
    onRequest,
  })
  const concurrency = options.concurrency ?? CONCURRENCY
  const patience = new Patience(clock, (host) => ({
    concurrency,
    perSecond: host === HUB_API_HOST ? HUB_PER_SECOND : PER_SECOND,
  }))
  const send = patience.around(followRedirects(bounded(transport, clock), rules))
  const authentication = new Authentication(send, clock, rules)
  const warn = options.warn
  const credentials = options.credentials ?? localCredentials({ env, home, clock, ...(warn && { warn }) })
  const readers = new RepositoryReaders({
    env,
    userAgent: options.userAgent,
    clock,
    onRequest,
    authentication,
    credentials,
  })
  const directory = options.cacheDir ?? defaultCacheDir(env, home)
  const store = new ContentStore(directory === '' ? undefined : new DiskCache(directory))
  return new SharedRegistryAccess(rules, readers, store, requests, {
    newCycle: () => patience.newCycle(),
    close: () => transport.close(),
  })
}

interface Below {
  newCycle(): void
  close(): Promise<void>
}

class SharedRegistryAccess implements RegistryAccess {
  readonly requests: ReadonlyMap<string, number>
  readonly #rules: RealmRules
  readonly #readers: RepositoryReaders
  readonly #store: ContentStore
  readonly #below: Below
  /** Tags whose manifest was read in this process. */
  readonly #seen = new Set<string>()
  #cycle: Cycle = newCycle()

  constructor(
    rules: RealmRules,
    readers: RepositoryReaders,
    store: ContentStore,
    requests: ReadonlyMap<string, number>,
    below: Below,
  ) {
    this.#rules = rules
    this.#readers = readers
    this.#store = store
    this.requests = requests
    this.#below = below
  }

  async listTags(image: ImageReference): Promise<TagListing> {
    const endpoint = endpointOf(image, this.#rules)
    const reader = await this.#readers.readerOf(endpoint)
    return once(this.#cycle.listings, keyOf(endpoint), () => reader.listTags())
  }

  async resolveDigest(image: ImageReference, tag: string): Promise<string> {
    const endpoint = endpointOf(image, this.#rules)
    const reader = await this.#readers.readerOf(endpoint)
    return this.#resolve(endpoint, reader, tag)
  }

  async describe(
    image: ImageReference,
    tagOrDigest: string,
    platforms: Parameters<RegistryAccess['describe']>[2],
  ): Promise<ImageDescription> {
    const endpoint = endpointOf(image, this.#rules)
    const { registry, repository } = endpoint
    const reader = await this.#readers.readerOf(endpoint)
    const byDigest = isDigest(tagOrDigest)
    const digest = byDigest ? tagOrDigest : await this.#read(endpoint, reader, tagOrDigest)
    const subject = {
      registry,
      repository,
      action: `read ${repository}${byDigest ? '@' : ':'}${tagOrDigest}`,
    }
    const kept = {
      manifest: (each: string) => this.#store.read(each, keyOf(endpoint), () => reader.manifest(each)),
      config: (each: Parameters<RepositoryReader['config']>[0]) =>
        this.#store.read(each.digest, keyOf(endpoint), () => reader.config(each)),
    }
    return describeImage(kept, digest, platforms, subject)
  }

  newCycle(): void {
    this.#cycle = newCycle()
    this.#below.newCycle()
  }

  async close(): Promise<void> {
    this.#readers.close()
    await this.#below.close()
  }

  async #resolve(endpoint: RepositoryEndpoint, reader: RepositoryReader, tag: string): Promise<string> {
    const key = `${keyOf(endpoint)} ${tag}`
    return (
      (await this.#listedDigest(endpoint, tag)) ?? once(this.#cycle.digests, key, () => reader.resolve(tag))
    )
  }

  /**
   * As resolve, for a tag whose manifest is wanted next: one never seen before is read at once, in one
   * request; of one seen before the manifest is probably here already, so a HEAD is enough.
   */
  async #read(endpoint: RepositoryEndpoint, reader: RepositoryReader, tag: string): Promise<string> {
    const key = `${keyOf(endpoint)} ${tag}`
    const { manifestOf } = reader
    const listed = await this.#listedDigest(endpoint, tag)
    if (listed !== undefined) return listed
    if (manifestOf === undefined || this.#seen.has(key)) return this.#resolve(endpoint, reader, tag)
    return once(this.#cycle.digests, key, async () => {
      const { digest, content } = await manifestOf(tag)
      this.#seen.add(key)
      await this.#store.keep(digest, content)
      return digest
    })
  }

  async #listedDigest(endpoint: RepositoryEndpoint, tag: string): Promise<string | undefined> {
    const listing = await this.#cycle.listings.get(keyOf(endpoint))?.catch(() => undefined)
    return listing && digestsOf(listing).get(tag)
  }
}

const listedDigests = new WeakMap<TagListing, ReadonlyMap<string, string>>()

/** The digests a listing tells, by tag. */
function digestsOf(listing: TagListing): ReadonlyMap<string, string> {
  const known = listedDigests.get(listing)
  if (known) return known
  const digests = new Map(listing.tags.flatMap(({ tag, digest }) => (digest ? [[tag, digest] as const] : [])))
  listedDigests.set(listing, digests)
  return digests
}

/** The result of the first call with this key; failures too, so that a dead registry is asked once a cycle. */
function once<T>(results: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = results.get(key)
  if (known) return known
  const result = work()
  results.set(key, result)
  return result
}

function newCycle(): Cycle {
  return { listings: new Map(), digests: new Map() }
}

function keyOf(endpoint: RepositoryEndpoint): string {
  return `${endpoint.origin}/${endpoint.repository}`
}

/** XDG base directory specification: only an absolute XDG_CACHE_HOME counts. */
function defaultCacheDir(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const base = env['XDG_CACHE_HOME'] ?? ''
  return join(isAbsolute(base) ? base : join(home, '.cache'), 'kubectl-image-updater')
}
