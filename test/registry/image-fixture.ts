import type { ServerResponse } from 'node:http'
import { sha256Digest } from '../../src/lib/registry/digest.ts'
import {
  DOCKER_MANIFEST,
  MANIFEST_MEDIA_TYPES,
  OCI_INDEX,
  OCI_MANIFEST,
} from '../../src/lib/registry/media-type.ts'
import { json, type Script } from './scripted-server.ts'

export interface Content {
  readonly digest: string
  readonly mediaType: string
  readonly body: Buffer
}

function content(mediaType: string, value: unknown): Content {
  const body = Buffer.from(JSON.stringify(value))
  return { digest: sha256Digest(body), mediaType, body }
}

/** An image for one platform: its configuration and its manifest. */
export function image(
  architecture: string,
  created: string,
  variant = '',
): { config: Content; manifest: Content } {
  const config = content('application/vnd.docker.container.image.v1+json', {
    os: 'linux',
    architecture,
    ...(variant && { variant }),
    created,
  })
  const { mediaType, digest, body } = config
  const manifest = content(DOCKER_MANIFEST, {
    schemaVersion: 2,
    mediaType: DOCKER_MANIFEST,
    config: { mediaType, digest, size: body.byteLength },
    layers: [{ mediaType: 'x', digest, size: 1, urls: ['http://169.254.169.254/layer'] }],
  })
  return { config, manifest }
}

/** An index of images, with one attestation as build tools add it. */
export function index(entries: { platform: string; manifest: Content }[]): Content {
  const attestation = content(OCI_MANIFEST, { schemaVersion: 2, layers: [] })
  return content(OCI_INDEX, {
    schemaVersion: 2,
    manifests: [...entries, { platform: 'unknown/unknown', manifest: attestation }].map((each) => {
      const [os, architecture, variant] = each.platform.split('/')
      const { mediaType, digest, body } = each.manifest
      return {
        mediaType,
        digest,
        size: body.byteLength,
        platform: { os, architecture, ...(variant && { variant }) },
      }
    }),
  })
}

/** A well-behaved registry with one repository `org/app`. */
export function wellBehaved(tags: Record<string, Content>, contents: readonly Content[]): Script {
  const byReference = new Map<string, Content>()
  for (const each of [...contents, ...Object.values(tags)]) byReference.set(each.digest, each)
  for (const [tag, each] of Object.entries(tags)) byReference.set(tag, each)
  return (request, response) => {
    const [path = ''] = request.path.split('?')
    if (path === '/v2/org/app/tags/list')
      return json(response, 200, { name: 'org/app', tags: Object.keys(tags) })
    const match = /^\/v2\/org\/app\/(manifests|blobs)\/(.+)$/.exec(path)
    const found = match && byReference.get(match[2] ?? '')
    if (!found) return json(response, 404, { errors: [{ code: 'MANIFEST_UNKNOWN' }] })
    if (match[1] === 'manifests' && !acceptsAll(request.headers.accept ?? '')) {
      return json(response, 406, {})
    }
    sendContent(response, request.method, found)
  }
}

function acceptsAll(accept: string): boolean {
  return MANIFEST_MEDIA_TYPES.every((type) => accept.includes(type))
}

function sendContent(response: ServerResponse, method: string, { mediaType, digest, body }: Content): void {
  response.writeHead(200, {
    'content-type': mediaType,
    'content-length': body.byteLength,
    'docker-content-digest': digest,
  })
  response.end(method === 'HEAD' ? undefined : body)
}
