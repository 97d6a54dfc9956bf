import { isTag } from '../image/tag.ts'
import type { CredentialLookup } from './credentials/credential.ts'
import { matchesDigest } from './digest.ts'
import type { EcrApi } from './ecr-client.ts'
import { ecrFailure, hasNoCredentials, isAccessDenied } from './ecr-failure.ts'
import type { EcrHost } from './ecr-host.ts'
import type { RepositoryEndpoint } from './endpoint.ts'
import type { HostScheduler } from './host-scheduler.ts'
import { LIMITS } from './limits.ts'
import type { Descriptor } from './manifest.ts'
import type { ListedTag, TagListing } from './registry.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'
import type { RepositoryReader } from './repository-reader.ts'

/** What stands behind every repository of one ECR host. */
export interface EcrAccount {
  readonly host: EcrHost
  readonly api: EcrApi
  /** For `/v2/` of the host. */
  readonly credentials: CredentialLookup
  readonly scheduler: HostScheduler
  /** `AWS profile prod`, `AWS default chain`. */
  readonly identity: string
  readonly profile: string | undefined
  /** Whether `/v2/` of the host is there at all; an emulator of the ECR API has none. */
  readonly hasDistribution: boolean
}

const ACCOUNT = /^[0-9]{12}$/

/**
 * One private ECR repository through the ECR API: tags, digests and push times in one paged call, no
 * token needed. Where the AWS identity may not (or there is none), the same repository over `/v2/`.
 */
export class EcrRepositoryReader implements RepositoryReader {
  readonly #endpoint: RepositoryEndpoint
  readonly #account: EcrAccount
  readonly #distribution: RepositoryReader
  readonly #registryId: string | undefined
  #viaDistribution = false

  constructor(endpoint: RepositoryEndpoint, account: EcrAccount, distribution: RepositoryReader) {
    this.#endpoint = endpoint
    this.#account = account
    this.#distribution = distribution
    // An id of another length names no account, AWS refuses it: the caller's own registry must be meant.
    this.#registryId = ACCOUNT.test(account.host.account) ? account.host.account : undefined
  }

  async listTags(): Promise<TagListing> {
    const { repository } = this.#endpoint
    const subject = this.#subject(`list the tags of ${repository}`)
    return this.#either(
      subject,
      async (): Promise<TagListing> => {
        const { tags, unusable } = await this.#describeAll(subject)
        const { identity } = this.#account
        const via = `ECR DescribeImages, ${identity}`
        return { tags, via, credential: identity, ...(unusable > 0 && { unusable }) }
      },
      () => this.#distribution.listTags(),
    )
  }

  async resolve(reference: string): Promise<string> {
    const subject = this.#subject(`resolve ${this.#endpoint.repository}:${reference}`)
    const imageIds = [reference.includes(':') ? { imageDigest: reference } : { imageTag: reference }]
    return this.#either(
      subject,
      async () => {
        const answer = await this.#call((repository) =>
          this.#account.api.describeImages({ ...repository, imageIds }),
        )
        const digest = answer.imageDetails?.[0]?.imageDigest
        if (digest === undefined) throw new RegistryError('not-found', subject, 'no such tag or digest')
        return digest
      },
      () => this.#distribution.resolve(reference),
    )
  }

  async manifest(digest: string): Promise<Buffer> {
    const subject = this.#subject(`read the manifest ${this.#endpoint.repository}@${digest}`)
    const imageIds = [{ imageDigest: digest }]
    return this.#either(
      subject,
      async () => {
        const answer = await this.#call((repository) =>
          this.#account.api.batchGetImage({ ...repository, imageIds }),
        )
        const text = answer.images?.[0]?.imageManifest
        if (text === undefined) throw new RegistryError('not-found', subject, 'no such digest')
        const body = Buffer.from(text, 'utf8')
        if (body.byteLength > LIMITS.manifestBytes)
          throw new RegistryError('too-large', subject, 'it is too large')
        if (!matchesDigest(digest, body)) {
          throw new RegistryError('malformed', subject, 'what it sent does not have that digest')
        }
        return body
      },
      () => this.#distribution.manifest(digest),
    )
  }

  /** The ECR API has no configurations; without them dates and platforms of plain images stay unknown. */
  async config(descriptor: Descriptor): Promise<Buffer | undefined> {
    if (!this.#account.hasDistribution) return undefined
    try {
      return await this.#distribution.config(descriptor)
    } catch (error) {
      const tolerable = ['unreachable', 'timeout', 'unauthorized', 'forbidden', 'not-found']
      if (error instanceof RegistryError && tolerable.includes(error.kind)) return undefined
      throw error
    }
  }

  async #describeAll(subject: RequestSubject): Promise<{ tags: ListedTag[]; unusable: number }> {
    const tags = new Map<string, ListedTag>()
    const asked = new Set<string>()
    let unusable = 0
    for (let nextToken: string | undefined; ; ) {
      const page = await this.#call((repository) =>
        this.#account.api.describeImages({
          ...repository,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      )
      for (const { imageTags = [], imageDigest, imagePushedAt } of page.imageDetails ?? []) {
        for (const tag of imageTags) {
          if (!isTag(tag)) unusable++
          else
            tags.set(tag, {
              tag,
              ...(imageDigest && { digest: imageDigest }),
              ...(imagePushedAt && { pushedAt: imagePushedAt }),
            })
        }
      }
      nextToken = page.nextToken || undefined
      if (nextToken === undefined) return { tags: [...tags.values()], unusable }
      if (asked.has(nextToken))
        throw new RegistryError('malformed', subject, 'its pages go round in a circle')
      asked.add(nextToken)
      if (asked.size > LIMITS.tagPages || tags.size > LIMITS.tagCount) {
        throw new RegistryError(
          'too-large',
          subject,
          `the listing exceeds ${LIMITS.tagCount} tags or ${LIMITS.tagPages} pages`,
        )
      }
    }
  }

  /** One call, in the host's turn. */
  #call<T>(
    send: (repository: { registryId: string | undefined; repositoryName: string }) => Promise<T>,
  ): Promise<T> {
    return this.#account.scheduler.run(() =>
      send({ registryId: this.#registryId, repositoryName: this.#endpoint.repository }),
    )
  }

  /** The ECR API, or `/v2/` once AWS has said that this identity may not call it. */
  async #either<T>(
    subject: RequestSubject,
    api: () => Promise<T>,
    distribution: () => Promise<T>,
  ): Promise<T> {
    if (this.#viaDistribution) return distribution()
    try {
      return await api()
    } catch (error) {
      const { identity, host, profile, hasDistribution } = this.#account
      const failure = ecrFailure(error, subject, identity, host.region, profile)
      if (!hasDistribution || !(isAccessDenied(error) || hasNoCredentials(error))) throw failure
      try {
        const result = await distribution()
        this.#viaDistribution = true
        return result
      } catch (second) {
        throw second instanceof RegistryError && second.kind === 'not-found' ? second : failure
      }
    }
  }

  #subject(action: string): RequestSubject {
    const { registry, repository } = this.#endpoint
    return { registry, repository, action }
  }
}
