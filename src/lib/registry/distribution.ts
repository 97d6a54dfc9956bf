import type { HttpResponse } from './bounded.ts'
import type { Credential } from './credentials/credential.ts'
import { isDigest, matchesDigest, sha256Digest } from './digest.ts'
import { HUB_API_HOST } from './docker-hub.ts'
import type { RepositoryEndpoint } from './endpoint.ts'
import { LIMITS } from './limits.ts'
import type { Descriptor } from './manifest.ts'
import { MANIFEST_MEDIA_TYPES } from './media-type.ts'
import type { TagListing } from './registry.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'
import type { NamedManifest, RepositoryReader } from './repository-reader.ts'
import { listTagPages } from './tag-pages.ts'
import type { HttpRequest } from './transport.ts'

/** Sends with the repository's credential; resolves to good answers only, and tells who was asked for. */
export type RepositorySend = (
  request: HttpRequest,
) => Promise<{ response: HttpResponse; credential: Credential }>

const ACCEPT_MANIFEST = { accept: MANIFEST_MEDIA_TYPES.join(', ') }

/** One repository over the OCI distribution API (`/v2/`). */
export class DistributionRepository implements RepositoryReader {
  readonly #endpoint: RepositoryEndpoint
  readonly #send: RepositorySend
  readonly manifestOf?: (tag: string) => Promise<NamedManifest>

  constructor(endpoint: RepositoryEndpoint, send: RepositorySend) {
    this.#endpoint = endpoint
    this.#send = send
    // Docker Hub counts each manifest read as a pull, but no HEAD.
    if (new URL(endpoint.api).host !== HUB_API_HOST) this.manifestOf = (tag) => this.#read(tag)
  }

  async listTags(): Promise<TagListing> {
    const { repository } = this.#endpoint
    const subject = this.#subject(`list the tags of ${repository}`)
    let credential: Credential | undefined
    const { tags, unusable } = await listTagPages(subject, async (query) => {
      const answer = await this.#send({
        method: 'GET',
        url: this.#url(`tags/list${query}`),
        headers: { accept: 'application/json' },
        bodyLimit: LIMITS.tagListBytes,
        subject,
      })
      credential = answer.credential
      return answer.response
    })
    const source = credential?.source ?? ''
    return {
      tags: tags.map((tag) => ({ tag })),
      via: `registry v2, ${source}`,
      credential: source,
      ...(unusable > 0 && { unusable }),
    }
  }

  /** HEAD; where a registry has none or does not tell the digest, GET and compute it. */
  async resolve(reference: string): Promise<string> {
    const subject = this.#subject(`resolve ${this.#named(reference)}`)
    const url = this.#url(`manifests/${encodeURIComponent(reference)}`)
    const request = { url, headers: ACCEPT_MANIFEST, bodyLimit: LIMITS.manifestBytes, subject }
    const head = await this.#send({ ...request, method: 'HEAD' }).catch((error: unknown) => {
      if (error instanceof RegistryError && (error.status === 405 || error.status === 501)) return undefined
      throw error
    })
    const told = head?.response.headers['docker-content-digest'] ?? ''
    if (isDigest(told)) return told
    return (await this.#read(reference)).digest
  }

  async #read(reference: string): Promise<NamedManifest> {
    const subject = this.#subject(`read ${this.#named(reference)}`)
    const { response } = await this.#send({
      method: 'GET',
      url: this.#url(`manifests/${encodeURIComponent(reference)}`),
      headers: ACCEPT_MANIFEST,
      bodyLimit: LIMITS.manifestBytes,
      subject,
    })
    const told = response.headers['docker-content-digest'] ?? ''
    if (!isDigest(told)) return { digest: sha256Digest(response.body), content: response.body }
    if (!matchesDigest(told, response.body)) throw wrongContent(subject)
    return { digest: told, content: response.body }
  }

  async manifest(digest: string): Promise<Buffer> {
    const subject = this.#subject(`read the manifest ${this.#named(digest)}`)
    const url = this.#url(`manifests/${digest}`)
    const limit = LIMITS.manifestBytes
    return this.#verified(digest, { method: 'GET', url, headers: ACCEPT_MANIFEST, bodyLimit: limit, subject })
  }

  async config(descriptor: Descriptor): Promise<Buffer> {
    const { digest } = descriptor
    const subject = this.#subject(`read the configuration ${this.#named(digest)}`)
    const url = this.#url(`blobs/${digest}`)
    return this.#verified(digest, { method: 'GET', url, headers: {}, bodyLimit: LIMITS.configBytes, subject })
  }

  async #verified(digest: string, request: HttpRequest): Promise<Buffer> {
    const { response } = await this.#send(request)
    if (!matchesDigest(digest, response.body)) {
      throw wrongContent(request.subject)
    }
    return response.body
  }

  #url(path: string): URL {
    return new URL(`${this.#endpoint.api}/v2/${this.#endpoint.repository}/${path}`)
  }

  #named(reference: string): string {
    return `${this.#endpoint.repository}${isDigest(reference) ? '@' : ':'}${reference}`
  }

  #subject(action: string): RequestSubject {
    const { registry, repository } = this.#endpoint
    return { registry, repository, action }
  }
}

function wrongContent(subject: RequestSubject): RegistryError {
  return new RegistryError('malformed', subject, 'what it sent does not have that digest')
}
