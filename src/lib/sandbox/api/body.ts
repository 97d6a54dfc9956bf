import type { IncomingMessage } from 'node:http'
import type { Json, JsonObject } from '../json.ts'
import { isObject } from '../json.ts'
import { readProtobuf } from './protobuf.ts'
import { badRequest, tooLarge, unsupportedMediaType } from './status.ts'

/** etcd's limit on a request, which a kube-apiserver applies to bodies. */
const LARGEST_BODY = 3 * 1024 * 1024

const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const YAML_TYPES = new Set(['application/yaml', 'application/apply-patch+yaml'])

/** The media type alone, lower case: `application/json`. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/**
 * Reads a body as JSON or, where the media type says so, YAML or protobuf. An empty body is undefined.
 * @throws ApiStatusError 413 when it is larger than {@link LARGEST_BODY}, 400 when it cannot be read.
 */
export async function readBody(request: IncomingMessage): Promise<Json | undefined> {
  const bytes = await readBytes(request)
  if (mediaType(request) === PROTOBUF) return readProtobuf(bytes)
  const text = bytes.toString('utf8')
  if (text.trim() === '') return undefined
  try {
    if (!YAML_TYPES.has(mediaType(request))) return JSON.parse(text) as Json
    const { parse } = await import('yaml')
    return parse(text) as Json
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw badRequest(`the object provided is unrecognized: ${why}`)
  }
}

/** Reads an object to store. @throws ApiStatusError 415 on other media types, 400 when it is no object. */
export async function readObject(request: IncomingMessage): Promise<JsonObject> {
  const accepted = ['application/json', 'application/yaml', PROTOBUF]
  const type = mediaType(request)
  if (type !== '' && !accepted.includes(type)) throw unsupportedMediaType(accepted)
  const body = await readBody(request)
  if (!isObject(body)) throw badRequest('the object provided is unrecognized: it must be an object')
  return body
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // Reading on, without keeping, lets the client see the answer instead of a broken pipe.
    if (size <= LARGEST_BODY) chunks.push(chunk)
  }
  if (size > LARGEST_BODY) throw tooLarge(LARGEST_BODY)
  return Buffer.concat(chunks)
}
