import type { Authentication } from './authentication.ts'
import type { Clock } from './clock.ts'
import type { CredentialLookup } from './credentials/credential.ts'
import { DistributionRepository } from './distribution.ts'
import { type EcrAccount, EcrRepositoryReader } from './ecr.ts'
import { ecrCredentials } from './ecr-credential.ts'
import { type EcrHost, parseEcrHost } from './ecr-host.ts'
import type { RepositoryEndpoint } from './endpoint.ts'
import { HostScheduler } from './host-scheduler.ts'
import type { RegistryScope } from './registry.ts'
import type { RepositoryReader } from './repository-reader.ts'
import { findCredential, repositorySession } from './repository-session.ts'

export interface ReaderOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  readonly clock: Clock
  readonly onRequest: (host: string) => void
  /** Told the HTTP status of every answer to the ECR API's own client, by host; 0 where none came. */
  readonly onResult?: ((host: string, status: number) => void) | undefined
  readonly authentication: Authentication
  readonly credentials: CredentialLookup
}

const ECR_LIMITS = { concurrency: 5, perSecond: 20 }

/** A reader, and what work done with it may be shared by. */
export interface KeyedReader {
  readonly reader: RepositoryReader
  /** Of repository and credential. */
  readonly key: string
  /** Why the scope's credential is not used, '' when it is or there is none. */
  readonly unused: string
}

/** Chooses the provider of a repository by its host, and keeps one reader a repository and credential. */
export class RepositoryReaders {
  readonly #options: ReaderOptions
  readonly #readers = new Map<string, RepositoryReader>()
  readonly #explicitReaders = new Map<string, RepositoryReader>()
  readonly #accounts = new Map<string, Promise<EcrAccount>>()

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  /**
   * The reader for the scope's credential where it belongs to this repository, else for the entry's of a
   * registries.conf, else for the operator's own login. Only the last may go through the API of a cloud,
   * which knows no other identity than the operator's.
   */
  async readerOf(endpoint: RepositoryEndpoint, scope?: RegistryScope): Promise<KeyedReader> {
    const repository = `${endpoint.api}/${endpoint.repository}`
    if (scope && (await findCredential(endpoint, scope.credentials)) !== undefined) {
      const key = `${repository} ${scope.key}`
      return { key, reader: this.#explicit(key, endpoint, scope.credentials), unused: '' }
    }
    const unused = scope ? `${scope.key} has no login for ${endpoint.credentialHosts[0]}` : ''
    const configured = endpoint.configured?.credentials
    const reader = configured
      ? this.#explicit(repository, endpoint, configured)
      : await this.#own(repository, endpoint)
    return { key: repository, reader, unused }
  }

  /** Forgets readers whose credentials others than the operator's tools keep: those are looked up anew. */
  newCycle(): void {
    this.#explicitReaders.clear()
  }

  #explicit(key: string, endpoint: RepositoryEndpoint, credentials: CredentialLookup): RepositoryReader {
    const known = this.#explicitReaders.get(key)
    if (known) return known
    const reader = this.#distribution(endpoint, credentials)
    this.#explicitReaders.set(key, reader)
    return reader
  }

  async #own(key: string, endpoint: RepositoryEndpoint): Promise<RepositoryReader> {
    const known = this.#readers.get(key)
    if (known) return known
    const ecr = parseEcrHost(new URL(endpoint.api).host)
    const reader = ecr
      ? await this.#ecr(endpoint, ecr)
      : this.#distribution(endpoint, this.#options.credentials)
    const first = this.#readers.get(key) ?? reader
    this.#readers.set(key, first)
    return first
  }

  close(): void {
    for (const account of this.#accounts.values())
      account.then(
        ({ api }) => api.close(),
        () => {},
      )
  }

  #distribution(endpoint: RepositoryEndpoint, credentials: CredentialLookup): RepositoryReader {
    const send = repositorySession(endpoint, this.#options.authentication, credentials)
    return new DistributionRepository(endpoint, send)
  }

  async #ecr(endpoint: RepositoryEndpoint, host: EcrHost): Promise<RepositoryReader> {
    const name = new URL(endpoint.api).host
    const opened = this.#accounts.get(name) ?? this.#openAccount(host)
    this.#accounts.set(name, opened)
    const account = await opened
    return new EcrRepositoryReader(endpoint, account, this.#distribution(endpoint, account.credentials))
  }

  /** The AWS SDK is loaded here, when the first ECR image is met. */
  async #openAccount(host: EcrHost): Promise<EcrAccount> {
    const { env, clock } = this.#options
    const { openEcrClient } = await import('./ecr-client.ts')
    const profile = env['AWS_PROFILE'] || undefined
    const api = openEcrClient(host, this.#options)
    const identity = awsIdentity(env)
    return {
      host,
      api,
      credentials: ecrCredentials(api, host.account, identity, clock, this.#options.credentials),
      scheduler: new HostScheduler(ECR_LIMITS, clock),
      identity,
      profile,
      hasDistribution: !env['AWS_ENDPOINT_URL_ECR'] && !env['AWS_ENDPOINT_URL'],
    }
  }
}

/** Where the SDK's default chain will look first, in words. */
function awsIdentity(env: Readonly<Record<string, string | undefined>>): string {
  if (env['AWS_PROFILE']) return `AWS profile ${env['AWS_PROFILE']}`
  return env['AWS_ACCESS_KEY_ID'] ? 'AWS_ACCESS_KEY_ID' : 'AWS default chain'
}
