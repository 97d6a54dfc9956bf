import { StringDecoder } from 'node:string_decoder'

/** As much of a stream as can be captured. */
export interface CapturedStream {
  write: (...args: never[]) => boolean
}

/**
 * Takes whatever other code writes to these streams, line by line, until it is released: a warning in the middle of
 * a screen would disturb it and be overwritten at once.
 *
 * @returns releases the streams; a line without its end is told first
 */
export function captureOutput(
  streams: readonly CapturedStream[],
  onLine: (line: string) => void,
): () => void {
  const releases = [...new Set(streams)].map((stream) => captureStream(stream, onLine))
  return () => {
    for (const release of releases) release()
  }
}

function captureStream(stream: CapturedStream, onLine: (line: string) => void): () => void {
  const original = stream.write
  const decoder = new StringDecoder('utf8')
  let unfinished = ''
  const replacement = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    const lines = (unfinished + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) onLine(line)
    const done = rest.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }
  stream.write = replacement as CapturedStream['write']
  return () => {
    if (stream.write === (replacement as CapturedStream['write'])) stream.write = original
    if (unfinished !== '') onLine(unfinished)
    unfinished = ''
  }
}
