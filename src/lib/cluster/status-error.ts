import { ClusterError } from './client.ts'
import type { ResourcePath } from './resource-path.ts'
import { describeResource, qualifiedResource } from './resource-url.ts'

/** What was asked, for messages. */
export interface Attempt {
  /** RBAC verb: `get`, `list`, `create`, `patch`, `watch`. */
  readonly verb: string
  readonly path: ResourcePath
  readonly context: string
  readonly server: string
}

/** metav1.Status, as far as it is read. */
interface Status {
  readonly message: string
  readonly reason: string
  readonly objectName: string
}

/** client-go's words for answers that carry no Status. */
const GENERIC: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'the server does not allow access to the requested resource'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  406: ['NotAcceptable', 'the server was unable to respond with a content type that the client supports'],
  409: ['Conflict', 'the server reported a conflict'],
  410: ['Expired', 'the requested resource version is too old'],
  413: ['RequestEntityTooLarge', 'the request is too large'],
  415: ['UnsupportedMediaType', 'the server does not support this kind of patch'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'an error on the server prevented the request from succeeding'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'the server was unable to return a response in the time allotted'],
}

/** The reason given when not the object but its whole type is unknown to the server. */
export const NO_SUCH_RESOURCE_TYPE = 'NoSuchResourceType'
/** What the API server answers to a JSON Patch whose `test` failed: it does not say which. */
const REJECTED_PATCH = /due to an error in our request|testing (?:value|path) .*failed|test failed/i

/**
 * An answer other than success as ClusterError: the server's own message where it sent a metav1.Status,
 * kubectl's words where it did not.
 *
 * @param body the answer's text; anything.
 */
export function errorFromAnswer(attempt: Attempt, httpStatus: number, body: string): ClusterError {
  const status = parseStatus(body)
  const [genericReason, genericMessage] = GENERIC[httpStatus] ?? [
    'Unknown',
    `the server answered ${httpStatus}`,
  ]
  const reason = status?.reason || genericReason
  const subject = describeResource(attempt.path)
  if (httpStatus === 404 && (status === undefined || isMissingType(status, attempt.path))) {
    return new ClusterError(
      `the server has no resource type ${qualifiedResource(attempt.path)}/${attempt.path.version} in context ${attempt.context} (${attempt.server})`,
      404,
      NO_SUCH_RESOURCE_TYPE,
      'Choose another cluster with --context, or install what defines the type',
    )
  }
  if (httpStatus >= 300 && httpStatus < 400) {
    return new ClusterError(
      `${attempt.server} answers with a redirect (${httpStatus}), which is not followed: it may not be an API server`,
      httpStatus,
      'Redirect',
      'Correct the server in the kubeconfig; a login page of a proxy may be in the way',
    )
  }
  const message = status?.message || `${genericMessage} (${attempt.verb} ${subject})${remark(body)}`
  const changed = httpStatus === 422 && REJECTED_PATCH.test(message)
  return new ClusterError(message, httpStatus, reason, remedyFor(changed ? 'Conflict' : reason, attempt))
}

/**
 * Whether somebody else changed the object meanwhile: 409, or a `test` of a JSON Patch that did not hold,
 * which API servers report as 422 without saying more. Read again and decide again.
 */
export function isConflict(error: unknown): error is ClusterError {
  if (!(error instanceof ClusterError)) return false
  if (error.status === 409) return error.reason !== 'AlreadyExists'
  return error.status === 422 && REJECTED_PATCH.test(error.message)
}

export function isNotFound(error: unknown): error is ClusterError {
  return error instanceof ClusterError && error.status === 404
}

export function isForbidden(error: unknown): error is ClusterError {
  return error instanceof ClusterError && error.status === 403
}

function parseStatus(body: string): Status | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof answer !== 'object' || answer === null) return undefined
  const { kind, message, reason, details } = answer as Record<string, unknown>
  if (kind !== 'Status') return undefined
  const { name } = (details ?? {}) as Record<string, unknown>
  return {
    message: typeof message === 'string' ? message : '',
    reason: typeof reason === 'string' ? reason : '',
    objectName: typeof name === 'string' ? name : '',
  }
}

/** A short line of plain text says more than our guess: "Client sent an HTTP request to an HTTPS server." */
function remark(body: string): string {
  const text = body.trim()
  return text === '' || text.length > 200 || /^[<{[]|\n/.test(text) ? '' : `: ${text}`
}

/** A Status that names no object speaks of the type; one that names our object or its namespace does not. */
function isMissingType(status: Status, path: ResourcePath): boolean {
  if (status.objectName !== '') return false
  return path.name === undefined || status.message.includes('could not find the requested resource')
}

function remedyFor(reason: string, { verb, path, context }: Attempt): string {
  const scope = path.namespace ? `-n ${path.namespace}` : path.name === undefined ? '-A' : ''
  switch (reason) {
    case 'Unauthorized':
      return `Log in again; kubectl auth whoami --context ${context} shows who you are`
    case 'Forbidden':
      return `Ask for the right; kubectl auth can-i ${verb} ${qualifiedResource(path)} ${scope}`.trimEnd()
    case 'NotFound':
      return path.namespace ? `Check the name, or look elsewhere with -n or -A` : 'Check the name'
    case 'Conflict':
      return 'It was changed meanwhile: run the command again'
    case 'TooManyRequests':
    case 'ServiceUnavailable':
    case 'InternalError':
    case 'Timeout':
      return 'The API server is in trouble: try again later'
    default:
      return ''
  }
}
