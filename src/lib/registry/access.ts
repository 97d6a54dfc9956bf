import { homedir } from 'node:os'
import { canonicalRepository, type ImageReference } from '../image/reference.ts'
import { cacheFolder } from '../state/cache-folder.ts'
import { ListedTags } from '../state/listed-tags.ts'
import { Authentication } from './authentication.ts'
import { bounded } from './bounded.ts'
import { type Clock, systemClock } from './clock.ts'
import {
  type ConfiguredRegistry,
  configuredLimit,
  configuredTls,
  vouchedHosts,
} from './configured-registry.ts'
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
import type { ImageDescription, RegistryAccess, RegistryScope, TagListing } from './registry.ts'
import { RegistryError } from './registry-error.ts'
import type { RepositoryReader } from './repository-reader.ts'
import { type KeyedReader, RepositoryReaders } from './repository-readers.ts'
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
  /** The entries of a registries.conf. */
  readonly registries?: readonly ConfiguredRegistry[]
  readonly clock?: Clock
  /** Told what is wrong but stops nothing. */
  readonly warn?: (message: string) => void
  /** Told the headers (names in lower case) of every HTTP answer, by host. */
  readonly onAnswer?: (host: string, headers: Readonly<Record<string, string>>) => void
  /** Told the HTTP status of every request's answer, by host; 0 where none came. */
  readonly onResult?: ((host: string, status: number) => void) | undefined
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
  const registries = options.registries ?? []
  const vouched = vouchedHosts(registries)
  const rules: RealmRules = {
    allowedHosts: [...(options.allowedHosts ?? []), ...vouched.allowedHosts],
    plainHttpHosts: [...(options.plainHttpHosts ?? []), ...vouched.plainHttpHosts],
    trustedRealms: options.trustedRealms ?? [],
  }
  const requests = new Map<string, number>()
  const onRequest = (host: string) => void requests.set(host, (requests.get(host) ?? 0) + 1)
  const transport = openTransport({
    env,
    userAgent: options.userAgent,
    rules,
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    tls: [
      ...Object.entries(options.caFiles ?? {}).map(([host, caFile]) => ({ host, caFile })),
      ...configuredTls(registries),
    ],
    onRequest,
    onResult: options.onResult,
    ...(options.onAnswer && { onAnswer: options.onAnswer }),
  })
  const concurrency = options.concurrency ?? CONCURRENCY
  const patience = new Patience(clock, (host) => ({
    concurrency,
    perSecond: configuredLimit(registries, host) ?? (host === HUB_API_HOST ? HUB_PER_SECOND : PER_SECOND),
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
    onResult: options.onResult,
    authentication,
    credentials,
  })
  const directory = options.cacheDir ?? cacheFolder(env, home)
  const store = new ContentStore(directory === '' ? undefined : new DiskCache(directory))
  const listedTags = directory === '' ? undefined : new ListedTags(directory)
  return new SharedRegistryAccess((image) => endpointOf(image, rules, registries), readers, store, requests, {
    listed: async (image, { tags }) => listedTags?.remember(canonicalRepository(image), tags),
    newCycle: () => {
      patience.newCycle()
      readers.newCycle()
    },
    close: () => transport.close(),
  })
}

interface Below {
  /** Keeps what a listing had for later runs; never fails. */
  listed(image: ImageReference, listing: TagListing): Promise<void>
  newCycle(): void
  close(): Promise<void>
}

class SharedRegistryAccess implements RegistryAccess {
  readonly requests: ReadonlyMap<string, number>
  readonly #endpointOf: (image: ImageReference) => RepositoryEndpoint
  readonly #readers: RepositoryReaders
  readonly #store: ContentStore
  readonly #below: Below
  /** Tags whose manifest was read in this process. */
  readonly #seen = new Set<string>()
  /** What is being kept of listings. */
  readonly #keeping = new Set<Promise<void>>()
  #cycle: Cycle = newCycle()

  constructor(
    endpointOf: (image: ImageReference) => RepositoryEndpoint,
    readers: RepositoryReaders,
    store: ContentStore,
    requests: ReadonlyMap<string, number>,
    below: Below,
  ) {
    this.#endpointOf = endpointOf
    this.#readers = readers
    this.#store = store
    this.requests = requests
    this.#below = below
  }

  async listTags(image: ImageReference, scope?: RegistryScope): Promise<TagListing> {
    const endpoint = this.#endpointOf(image)
    const keyed = await this.#readers.readerOf(endpoint, scope)
    const listing = await explained(keyed, () =>
      once(this.#cycle.listings, keyed.key, () => this.#list(image, keyed.reader)),
    )
    const order = endpoint.configured?.entry.tagSortMode ?? 'none'
    return {
      ...listing,
      ...(keyed.unused !== '' && { credential: `${listing.credential} (${keyed.unused})` }),
      ...(order !== 'none' && { order }),
    }
  }

  async resolveDigest(image: ImageReference, tag: string, scope?: RegistryScope): Promise<string> {
    const keyed = await this.#readers.readerOf(this.#endpointOf(image), scope)
    return explained(keyed, () => this.#resolve(keyed, tag))
  }

  async describe(
    image: ImageReference,
    tagOrDigest: string,
    platforms: Parameters<RegistryAccess['describe']>[2],
    scope?: RegistryScope,
  ): Promise<ImageDescription> {
    const endpoint = this.#endpointOf(image)
    const { registry, repository } = endpoint
    const keyed = await this.#readers.readerOf(endpoint, scope)
    const { reader, key } = keyed
    const byDigest = isDigest(tagOrDigest)
    const subject = {
      registry,
      repository,
      action: `read ${repository}${byDigest ? '@' : ':'}${tagOrDigest}`,
    }
    const kept = {
      manifest: (each: string) => this.#store.read(each, key, () => reader.manifest(each)),
      config: (each: Parameters<RepositoryReader['config']>[0]) =>
        this.#store.read(each.digest, key, () => reader.config(each)),
    }
    return explained(keyed, async () => {
      const digest = byDigest ? tagOrDigest : await this.#read(keyed, tagOrDigest)
      return describeImage(kept, digest, platforms, subject)
    })
  }

  newCycle(): void {
    this.#cycle = newCycle()
    this.#below.newCycle()
  }

  async close(): Promise<void> {
    this.#readers.close()
    await Promise.all([...this.#keeping, this.#below.close()])
  }

  /** Nobody waits for what is kept, but the end. */
  async #list(image: ImageReference, reader: RepositoryReader): Promise<TagListing> {
    const listing = await reader.listTags()
    const kept = this.#below.listed(image, listing).finally(() => this.#keeping.delete(kept))
    this.#keeping.add(kept)
    return listing
  }

  async #resolve({ key, reader }: KeyedReader, tag: string): Promise<string> {
    return (
      (await this.#listedDigest(key, tag)) ??
      once(this.#cycle.digests, `${key} ${tag}`, () => reader.resolve(tag))
    )
  }

  /**
   * As resolve, for a tag whose manifest is wanted next: one never seen before is read at once, in one
   * request; of one seen before the manifest is probably here already, so a HEAD is enough.
   */
  async #read(keyed: KeyedReader, tag: string): Promise<string> {
    const key = `${keyed.key} ${tag}`
    const { manifestOf } = keyed.reader
    const listed = await this.#listedDigest(keyed.key, tag)
    if (listed !== undefined) return listed
    if (manifestOf === undefined || this.#seen.has(key)) return this.#resolve(keyed, tag)
    return once(this.#cycle.digests, key, async () => {
      const { digest, content } = await manifestOf(tag)
      this.#seen.add(key)
      await this.#store.keep(digest, content)
      return digest
    })
  }

  async #listedDigest(repository: string, tag: string): Promise<string | undefined> {
    const listing = await this.#cycle.listings.get(repository)?.catch(() => undefined)
    return listing && digestsOf(listing).get(tag)
  }
}

const WANT_LOGIN = new Set(['unauthorized', 'forbidden', 'not-found'])

/** A registry's refusal together with the reason why the scope's credential was not sent. */
async function explained<T>({ unused }: KeyedReader, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (unused === '' || !(error instanceof RegistryError) || !WANT_LOGIN.has(error.kind)) throw error
    throw error.because(unused)
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
