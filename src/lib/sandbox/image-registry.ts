import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AccessRequest, type RegistryAuthentication, RegistryGate } from './registry/authentication.ts'
import { DistributionApi, DistributionError, isRead, sendJson } from './registry/distribution-api.ts'
import { Faults } from './registry/fault.ts'
import { buildImage, buildSignature, type ImageOptions } from './registry/image-builder.ts'
import { RepositoryStore } from './registry/repository-store.ts'

export type { RegistryAuthentication } from './registry/authentication.ts'
export type { ImageOptions } from './registry/image-builder.ts'

export interface ImageRegistryOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly authentication?: RegistryAuthentication
  /** The most tags of one page, whatever `n` asks for; default none. */
  readonly pageLimit?: number
}

/** An OCI registry on loopback, plain HTTP, in memory. */
export interface ImageRegistry {
  /** `127.0.0.1:PORT`, as it stands in image references. */
  readonly host: string
  readonly port: number
  /** Every request so far: `GET /v2/team/web/tags/list`. */
  readonly requests: readonly string[]
  readonly faults: Faults
  /** Pushes a small image as CI would. Returns the digest its tag names now. */
  pushImage(repository: string, tag: string, options?: ImageOptions): string
  /** Pushes the signature tag that cosign leaves beside an image. Returns the tag. */
  pushSignature(repository: string, digest: string): string
  /** The digest a tag or digest names, undefined when there is none: what a node pulls. */
  resolve(repository: string, reference: string): string | undefined
  close(): Promise<void>
}

const NAME = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*'
const ROUTE = new RegExp(`^/v2/(${NAME})/(tags/list|manifests/([^/]+)|blobs/uploads/?([^/]*)|blobs/([^/]+))$`)

/**
 * Starts the embedded registry on 127.0.0.1 (OCI distribution specification 1.1: pull, push, tag listing).
 * @throws Error when the port cannot be had.
 */
export async function startImageRegistry(options: ImageRegistryOptions = {}): Promise<ImageRegistry> {
  const repositories = new RepositoryStore()
  const requests: string[] = []
  const faults = new Faults()
  const gate = options.authentication && new RegistryGate(options.authentication)

  const api = new DistributionApi(repositories, options.pageLimit)

  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => refuse(response, error))
  })

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://registry')
    const line = `${message.method} ${url.pathname}${url.search}`
    requests.push(line)
    if (await faults.apply(line, response)) return
    response.setHeader('docker-distribution-api-version', 'registry/2.0')
    const authorization = message.headers.authorization ?? ''
    if (url.pathname === '/token' && gate) {
      const token = gate.token(authorization, url.searchParams.getAll('scope'))
      if (!token) throw new DistributionError(401, 'UNAUTHORIZED', 'wrong credential')
      sendJson(response, 200, token)
      return
    }
    const route = ROUTE.exec(url.pathname)
    const challenge = gate?.challenge(
      authorization,
      message.headers.host ?? '',
      accessOf(message, route?.[1]),
    )
    if (challenge) {
      response.setHeader('www-authenticate', challenge)
      throw new DistributionError(401, 'UNAUTHORIZED', 'authentication required')
    }
    if (url.pathname === '/v2/' || url.pathname === '/v2') {
      sendJson(response, 200, {})
      return
    }
    if (!route) throw new DistributionError(404, 'NAME_INVALID', 'invalid repository name')
    const [, name = '', kind, reference, upload, digest] = route
    if (kind === 'tags/list') api.listTags(response, name, url.searchParams)
    else if (reference !== undefined)
      await api.manifest(message, response, name, decodeURIComponent(reference))
    else if (digest !== undefined) api.blob(message, response, name, digest)
    else await api.uploadBlob(message, response, name, upload ?? '', url.searchParams)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = `127.0.0.1:${port}`
  return {
    host,
    port,
    requests,
    faults,
    pushImage: (repository, tag, image) => {
      const built = buildImage(image)
      repositories.push(repository, tag, built)
      return built.root.digest
    },
    pushSignature: (repository, digest) => {
      const tag = `${digest.replace(':', '-')}.sig`
      repositories.push(repository, tag, buildSignature(digest))
      return tag
    },
    resolve: (repository, reference) => repositories.manifest(repository, reference)?.digest,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function accessOf(message: IncomingMessage, repository: string | undefined): AccessRequest | undefined {
  return repository === undefined ? undefined : { repository, action: isRead(message) ? 'pull' : 'push' }
}

/** The specification's error body. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, code, message } =
    error instanceof DistributionError ? error : new DistributionError(500, 'UNKNOWN', String(error))
  sendJson(response, status, { errors: [{ code, message }] })
}
