import {
  type BuiltImage,
  buildImage,
  type Content,
  type ImageOptions,
} from '../../../src/lib/sandbox/registry/image-builder.ts'
import type { RegistryAnswer, RegistryHttp, RegistryRequest } from './registry-http.ts'

/**
 * Makes a tiny image and pushes it to a real registry under every one of `tags`.
 * @returns the image; `root.digest` is what the tags name
 */
export async function pushImage(
  registry: RegistryHttp,
  repository: string,
  tags: readonly string[],
  options: ImageOptions = {},
): Promise<BuiltImage> {
  const image = buildImage(options)
  const send = async (path: string, request: RegistryRequest) => {
    const answer = await registry.send(path, { ...request, scope: `repository:${repository}:pull,push` })
    if (answer.status >= 300 && request.method !== 'HEAD') throw refused(request, path, answer)
    return answer
  }
  const pushManifest = (name: string, manifest: Content) =>
    send(`/v2/${repository}/manifests/${name}`, {
      method: 'PUT',
      headers: { 'content-type': manifest.mediaType },
      body: manifest.bytes,
    })
  for (const blob of image.blobs) {
    const there = await send(`/v2/${repository}/blobs/${blob.digest}`, { method: 'HEAD' })
    if (there.status === 200) continue
    const upload = await send(`/v2/${repository}/blobs/uploads/`, { method: 'POST' })
    const location = new URL(String(upload.headers['location']), 'http://registry')
    location.searchParams.set('digest', blob.digest)
    await send(`${location.pathname}${location.search}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: blob.bytes,
    })
  }
  for (const manifest of image.manifests) {
    if (manifest !== image.root) await pushManifest(manifest.digest, manifest)
  }
  for (const tag of tags) await pushManifest(tag, image.root)
  return image
}

function refused(request: RegistryRequest, path: string, answer: RegistryAnswer): Error {
  return new Error(`${request.method} ${path}: ${answer.status} ${answer.body}`)
}
