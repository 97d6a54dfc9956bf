import type { IncomingMessage } from 'node:http'
import { isObject, type JsonObject } from '../json.ts'
import { mediaType, readBody } from './body.ts'
import { applyJsonPatch } from './json-patch.ts'
import { applyMergePatch } from './merge-patch.ts'
import type { ResourceType } from './resource-type.ts'
import { badRequest, unsupportedMediaType } from './status.ts'
import { applyStrategicMergePatch } from './strategic-merge-patch.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC_MERGE_PATCH = 'application/strategic-merge-patch+json'
const APPLY_PATCH = 'application/apply-patch+yaml'

/** A patch that was read: either what it makes of an object, or a configuration to apply server-side. */
export type Patch =
  | { readonly kind: 'patch'; readonly apply: (object: JsonObject) => JsonObject }
  | { readonly kind: 'apply'; readonly configuration: JsonObject }

/**
 * Reads a patch by its media type.
 * @throws ApiStatusError 415 for a strategic merge patch on a custom resource and for unknown types, 400
 * when the body cannot be read.
 */
export async function readPatch(request: IncomingMessage, type: ResourceType): Promise<Patch> {
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(type.custom ? [] : [STRATEGIC_MERGE_PATCH]), APPLY_PATCH]
  const kind = mediaType(request)
  if (!accepted.includes(kind)) throw unsupportedMediaType(accepted)
  const body = await readBody(request)
  if (body === undefined) throw badRequest('the patch is empty')
  if (kind === APPLY_PATCH) {
    if (!isObject(body)) throw badRequest('error decoding YAML: the configuration must be an object')
    return { kind: 'apply', configuration: body }
  }
  const algorithm =
    kind === JSON_PATCH ? applyJsonPatch : kind === MERGE_PATCH ? applyMergePatch : applyStrategicMergePatch
  return { kind: 'patch', apply: (object) => algorithm(object, body) }
}
