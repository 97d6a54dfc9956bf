import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { digestOf } from './image-builder.ts'
import type { RepositoryStore } from './repository-store.ts'

const LARGEST_UPLOAD = 16 * 1024 * 1024

/** A refusal with one of the distribution specification's error codes. */
export class DistributionError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The endpoints of the OCI distribution specification under `/v2/<name>/`. They throw DistributionError. */
export class DistributionApi {
  readonly #repositories: RepositoryStore
  readonly #pageLimit: number
  readonly #uploads = new Set<string>()

  constructor(repositories: RepositoryStore, pageLimit = Number.POSITIVE_INFINITY) {
    this.#repositories = repositories
    this.#pageLimit = pageLimit
  }

  /** Tags in lexical order, a page at a time with `n` and `last`, the next one in `Link`. */
  listTags(response: ServerResponse, name: string, query: URLSearchParams): void {
    const tags = this.#repositories.tags(name)
    if (!tags) throw new DistributionError(404, 'NAME_UNKNOWN', 'repository name not known to registry')
    const last = query.get('last') ?? ''
    const asked = query.has('n') ? Number(query.get('n')) : Number.POSITIVE_INFINITY
    if (Number.isNaN(asked) || asked < 0)
      throw new DistributionError(400, 'PAGINATION_NUMBER_INVALID', 'invalid n')
    const size = Math.min(asked, this.#pageLimit)
    const rest = tags.filter((tag) => tag > last)
    const page = rest.slice(0, size)
    const end = page.at(-1)
    if (end !== undefined && rest.length > page.length) {
      const next = `/v2/${name}/tags/list?last=${encodeURIComponent(end)}&n=${page.length}`
      response.setHeader('link', `<${next}>; rel="next"`)
    }
    sendJson(response, 200, { name, tags: page })
  }

  /** HEAD, GET and PUT of a manifest by tag or digest. */
  async manifest(
    message: IncomingMessage,
    response: ServerResponse,
    name: string,
    reference: string,
  ): Promise<void> {
    if (message.method === 'PUT') {
      const bytes = await readBytes(message)
      const type = message.headers['content-type'] ?? ''
      const wrong = reference.includes(':') && digestOf(bytes) !== reference
      if (wrong)
        throw new DistributionError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
      const { digest } = this.#repositories.putManifest(name, reference, type, bytes)
      response.setHeader('docker-content-digest', digest)
      response.setHeader('location', `/v2/${name}/manifests/${digest}`)
      response.writeHead(201).end()
      return
    }
    if (!isRead(message)) throw new DistributionError(405, 'UNSUPPORTED', 'the operation is unsupported')
    const found = this.#repositories.manifest(name, reference)
    if (!found) throw new DistributionError(404, 'MANIFEST_UNKNOWN', 'manifest unknown')
    response.setHeader('docker-content-digest', found.digest)
    response.setHeader('etag', `"${found.digest}"`)
    if (message.headers['if-none-match']?.replaceAll('"', '') === found.digest) {
      response.writeHead(304).end()
      return
    }
    sendBytes(message, response, found.mediaType, found.bytes)
  }

  /** HEAD and GET of a blob. */
  blob(message: IncomingMessage, response: ServerResponse, name: string, digest: string): void {
    if (!isRead(message)) throw new DistributionError(405, 'UNSUPPORTED', 'the operation is unsupported')
    const bytes = this.#repositories.find(name)?.blobs.get(decodeURIComponent(digest))
    if (!bytes) throw new DistributionError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
    response.setHeader('docker-content-digest', decodeURIComponent(digest))
    sendBytes(message, response, 'application/octet-stream', bytes)
  }

  /** An upload: POST and PUT, or one POST with the digest. */
  async uploadBlob(
    message: IncomingMessage,
    response: ServerResponse,
    name: string,
    upload: string,
    query: URLSearchParams,
  ): Promise<void> {
    const digest = query.get('digest') ?? ''
    const bytes = await readBytes(message)
    if (message.method === 'POST' && digest === '') {
      const id = randomUUID()
      this.#uploads.add(id)
      response.setHeader('location', `/v2/${name}/blobs/uploads/${id}`)
      response.setHeader('docker-upload-uuid', id)
      response.writeHead(202).end()
      return
    }
    const known = message.method === 'POST' || (message.method === 'PUT' && this.#uploads.delete(upload))
    if (!known) throw new DistributionError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry')
    if (digestOf(bytes) !== digest)
      throw new DistributionError(400, 'DIGEST_INVALID', 'provided digest did not match')
    this.#repositories.open(name).blobs.set(digest, bytes)
    response.setHeader('location', `/v2/${name}/blobs/${digest}`)
    response.setHeader('docker-content-digest', digest)
    response.writeHead(201).end()
  }
}

/** Whether the request only reads. */
export function isRead(message: IncomingMessage): boolean {
  return message.method === 'GET' || message.method === 'HEAD'
}

async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_UPLOAD) throw new Error(`larger than ${LARGEST_UPLOAD} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function sendBytes(message: IncomingMessage, response: ServerResponse, type: string, bytes: Buffer): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length })
  response.end(message.method === 'HEAD' ? undefined : bytes)
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes)
}
