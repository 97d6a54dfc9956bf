import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { decodedBody, readText } from './answer-body.ts'
import { ClusterError, type WatchEvent, type WatchOptions } from './client.ts'
import type { ResourcePath } from './resource-path.ts'
import { resourceUrl } from './resource-url.ts'
import { errorFromAnswer } from './status-error.ts'
import type { ApiTransport } from './transport.ts'
import { unreachable } from './unreachable.ts'

/** Below the API server's own limit, so that it is the server that ends the stream, cleanly. */
const STREAM_SECONDS = 240
/** A server that ends streams at once is not asked in a tight loop. */
const SHORTEST_STREAM = 1000
const LONGEST_EVENT = 16 * 1024 * 1024
const NEWLINE = 10

/**
 * Reports changes of a collection until `signal` ends it (then it returns). A stream that the server ends
 * is opened again where it left off.
 *
 * @throws ClusterError with status 410 (reason `Expired`) when the server no longer knows that version:
 *   list again and start from there; `Unreachable` when the connection broke.
 */
export async function* watchResource(
  transport: ApiTransport,
  path: ResourcePath,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void> {
  let { resourceVersion } = options
  const { signal } = options
  const { connection } = transport
  const attempt = { verb: 'watch', path, context: connection.context, server: connection.server }
  while (!signal?.aborted) {
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      timeoutSeconds: String(STREAM_SECONDS),
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
    }
    const opened = performance.now()
    try {
      const answer = await transport.open({
        method: 'GET',
        path: resourceUrl(path),
        query,
        signal,
        stream: true,
      })
      if (answer.statusCode !== 200) throw errorFromAnswer(attempt, answer.statusCode, await readText(answer))
      for await (const line of lines(decodedBody(answer))) {
        const event = JSON.parse(line) as { type?: unknown; object?: KubernetesObject & { code?: unknown } }
        if (event.type === 'ERROR') {
          const code = typeof event.object?.code === 'number' ? event.object.code : 500
          throw errorFromAnswer(attempt, code, JSON.stringify(event.object))
        }
        const version = event.object?.metadata?.resourceVersion
        if (typeof version === 'string') resourceVersion = version
        if (isChange(event)) yield event
      }
      const left = SHORTEST_STREAM - (performance.now() - opened)
      if (left > 0) await sleep(left, undefined, { signal })
    } catch (error) {
      if (signal?.aborted) return
      throw error instanceof ClusterError ? error : unreachable(connection, error)
    }
  }
}

function isChange(event: { type?: unknown; object?: unknown }): event is WatchEvent {
  return (
    (event.type === 'ADDED' || event.type === 'MODIFIED' || event.type === 'DELETED') && Boolean(event.object)
  )
}

/** Splits a stream at newlines; what follows the last newline is an event cut short, and dropped. */
async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const line = rest.subarray(0, end).toString('utf8').trim()
      rest = rest.subarray(end + 1)
      if (line !== '') yield line
    }
    if (rest.length > LONGEST_EVENT) throw new Error('an event of the watch is too large')
  }
}
