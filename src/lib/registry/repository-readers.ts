import type { Authentication } from './authentication.ts'
import type { Clock } from './clock.ts'
import type { CredentialLookup } from './credentials/credential.ts'
import { DistributionRepository } from './distribution.ts'
import { type EcrAccount, EcrRepositoryReader } from './ecr.ts'
import { ecrCredentials } from './ecr-credential.ts'
import { type EcrHost, parseEcrHost } from './ecr-host.ts'
import type { RepositoryEndpoint } from './endpoint.ts'
import { HostScheduler } from './host-scheduler.ts'
import type { RepositoryReader } from './repository-reader.ts'
import { repositorySession } from './repository-session.ts'

export interface ReaderOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  readonly clock: Clock
  readonly onRequest: (host: string) => void
  readonly authentication: Authentication
  readonly credentials: CredentialLookup
}

const ECR_LIMITS = { concurrency: 5, perSecond: 20 }

/** Chooses the provider of a repository by its host, and keeps one reader a repository. */
export class RepositoryReaders {
  readonly #options: ReaderOptions
  readonly #readers = new Map<string, RepositoryReader>()
  readonly #accounts = new Map<string, Promise<EcrAccount>>()

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  async readerOf(endpoint: RepositoryEndpoint): Promise<RepositoryReader> {
    const key = `${endpoint.origin}/${endpoint.repository}`
    const known = this.#readers.get(key)
    if (known) return known
    const ecr = parseEcrHost(endpoint.registry)
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
    const known = this.#accounts.get(endpoint.registry)
    const opened = known ?? this.#openAccount(host)
    this.#accounts.set(endpoint.registry, opened)
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
