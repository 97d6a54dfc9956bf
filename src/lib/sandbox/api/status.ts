import type { Json, JsonObject } from '../json.ts'
import type { ResourceType } from './resource-type.ts'

/** One field error, as metav1.StatusCause. */
export interface StatusCause {
  readonly reason: string
  readonly message: string
  readonly field: string
}

/** A refusal in the form every Kubernetes client knows: metav1.Status with an HTTP code. */
export class ApiStatusError extends Error {
  readonly code: number
  readonly reason: string
  /** Absent where the API server sends none; some answers carry an empty one. */
  readonly details: JsonObject | undefined
  /** For 410 on a list: how to go on without consistency. */
  readonly continueToken: string

  constructor(code: number, reason: string, message: string, details?: JsonObject, continueToken = '') {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
    this.continueToken = continueToken
  }

  /** The Status object as it goes over the wire. */
  toJSON(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken ? { continue: this.continueToken } : {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    }
  }
}

/** `applications.argoproj.io`, or `pods` for the core group: how messages name a resource. */
function groupResource(type: Pick<ResourceType, 'group' | 'plural'>): string {
  return type.group ? `${type.plural}.${type.group}` : type.plural
}

function about(type: ResourceType, name: string): JsonObject {
  return { ...(name ? { name } : {}), ...(type.group ? { group: type.group } : {}), kind: type.plural }
}

export function notFound(type: ResourceType, name: string): ApiStatusError {
  return new ApiStatusError(404, 'NotFound', `${groupResource(type)} "${name}" not found`, about(type, name))
}

/** For paths that name no resource this server has. */
export function unknownResource(): ApiStatusError {
  return new ApiStatusError(404, 'NotFound', 'the server could not find the requested resource')
}

export function alreadyExists(type: ResourceType, name: string): ApiStatusError {
  return new ApiStatusError(
    409,
    'AlreadyExists',
    `${groupResource(type)} "${name}" already exists`,
    about(type, name),
  )
}

/** An optimistic lock failed; the text is the API server's own, which clients and people search for. */
export function conflict(
  type: ResourceType,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): ApiStatusError {
  return new ApiStatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${groupResource(type)} "${name}": ${why}`,
    about(type, name),
  )
}

export function badRequest(message: string): ApiStatusError {
  return new ApiStatusError(400, 'BadRequest', message)
}

export function methodNotAllowed(): ApiStatusError {
  return new ApiStatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  )
}

/** The object breaks its schema or a rule of its kind. */
export function invalid(type: ResourceType, name: string, causes: readonly StatusCause[]): ApiStatusError {
  const errors = causes.map((cause) => `${cause.field}: ${cause.message}`)
  const kind = type.group ? `${type.kind}.${type.group}` : type.kind
  const text = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`
  return new ApiStatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${text}`, {
    name,
    ...(type.group ? { group: type.group } : {}),
    kind: type.kind,
    causes: causes.map((cause): Json => ({ ...cause })),
  })
}

/** A JSON Patch that does not apply, a failed `test` among them: the API server keeps the detail to itself. */
export function unprocessablePatch(): ApiStatusError {
  const message = 'the server rejected our request due to an error in our request'
  return new ApiStatusError(422, 'Invalid', message, {})
}

export function unsupportedMediaType(accepted: readonly string[]): ApiStatusError {
  return new ApiStatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  )
}

export function tooLarge(limit: number): ApiStatusError {
  return new ApiStatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`)
}

export function expired(message: string, continueToken = ''): ApiStatusError {
  return new ApiStatusError(410, 'Expired', message, undefined, continueToken)
}

export function unauthorized(): ApiStatusError {
  return new ApiStatusError(401, 'Unauthorized', 'Unauthorized')
}

/** The verb is not granted; `scope` ends the sentence as the RBAC authorizer does. */
export function forbidden(
  type: ResourceType,
  name: string,
  user: string,
  verb: string,
  namespace: string,
): ApiStatusError {
  const scope = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const subject = name ? `${groupResource(type)} "${name}"` : groupResource(type)
  return new ApiStatusError(
    403,
    'Forbidden',
    `${subject} is forbidden: User "${user}" cannot ${verb} resource "${type.plural}" in API group "${type.group}" ${scope}`,
    about(type, name),
  )
}
