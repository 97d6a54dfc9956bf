import type { Clock } from './clock.ts'
import { LIMITS } from './limits.ts'
import { RegistryError } from './registry-error.ts'
import type { HttpRequest, StreamedResponse, Transport } from './transport.ts'
import { transportFailure } from './transport-failure.ts'

/** A whole answer. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Where the answer came from, after redirects. */
  readonly url: URL
}

/** What every layer above the transport looks like: a request in, an answer or a RegistryError out. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>

/**
 * Reads whole answers within limits of size and time: a good answer that is larger than its request's
 * `bodyLimit` is an error, the body of a bad one is cut, and an answer that trickles is given up.
 *
 * @throws RegistryError of kind `too-large`, `timeout`, `unreachable`, `tls`, `refused` or `malformed`.
 */
export function bounded(
  transport: Transport,
  clock: Clock,
  answerMilliseconds: number = LIMITS.answerMilliseconds,
): Send {
  return async (request) => {
    const deadline = new AbortController()
    const answered = new AbortController()
    let late = false
    clock.sleep(answerMilliseconds, answered.signal).then(
      () => {
        late = true
        deadline.abort()
      },
      () => {},
    )
    try {
      const response = await transport.send(request, deadline.signal)
      const body = await readBody(request, response)
      return { status: response.status, headers: response.headers, body, url: request.url }
    } catch (cause) {
      if (late) {
        const what = `${request.url.host} took longer than ${answerMilliseconds / 1000} s to answer`
        throw new RegistryError('timeout', request.subject, what, { cause })
      }
      throw transportFailure(cause, request.subject, request.url.host)
    } finally {
      answered.abort()
    }
  }
}

async function readBody(request: HttpRequest, response: StreamedResponse): Promise<Buffer> {
  const good = response.status < 300
  const limit = good ? request.bodyLimit : LIMITS.errorBytes
  const announced = Number(response.headers['content-length'] ?? 0)
  if (good && request.method !== 'HEAD' && announced > limit) {
    response.discard()
    throw tooLarge(request)
  }
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.body) {
    size += piece.byteLength
    if (size > limit) {
      response.discard()
      if (good) throw tooLarge(request)
      break
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function tooLarge(request: HttpRequest): RegistryError {
  const size =
    request.bodyLimit >= 1024 * 1024 ? `${request.bodyLimit / 1024 / 1024} MiB` : `${request.bodyLimit} bytes`
  return new RegistryError('too-large', request.subject, `the answer is larger than ${size}`, {
    remedy: `Check that ${request.url.host} is a container registry`,
  })
}
