import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'

/** A larger answer than any cluster gives in pages of 500; measured after decompression. */
export const LARGEST_ANSWER = 256 * 1024 * 1024

/** An answer was larger than this program takes. */
export class AnswerTooLargeError extends Error {}

/** The body of an answer, decompressed as its headers say, in pieces as they arrive. */
export function decodedBody({ headers, body }: Dispatcher.ResponseData): AsyncIterable<Buffer> {
  if (headers['content-encoding'] !== 'gzip') return body
  // pipeline hands errors of the source to the reader of the last stream; the callback has nothing to add.
  return pipeline(body, createGunzip(), () => undefined)
}

/**
 * The whole body as text.
 *
 * @throws AnswerTooLargeError when it exceeds `limit` bytes.
 */
export async function readText(answer: Dispatcher.ResponseData, limit = LARGEST_ANSWER): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of decodedBody(answer)) {
    size += chunk.length
    if (size > limit) throw new AnswerTooLargeError(`more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
