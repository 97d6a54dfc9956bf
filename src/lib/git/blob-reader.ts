import { type Clone, LARGEST_FILE } from './clone.ts'
import { GitError } from './git-error.ts'

/** Objects read by one git: all of them together stay below the limit of its output. */
const MOST_AT_ONCE = 50

interface Wanted {
  readonly object: string
  /** How messages call it. */
  readonly what: string
  readonly resolve: (text: Promise<string> | string) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads texts of a clone. Those that are asked for at the same time are read by one git, since starting it costs more
 * than reading.
 */
export class BlobReader {
  readonly #clone: Clone
  #wanted: Wanted[] = []

  constructor(clone: Clone) {
    this.#clone = clone
  }

  /** @throws GitError of kind `too-large` over 1 MiB, `path` when it is no UTF-8 */
  read(object: string, what: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    if (this.#wanted.length === 0) setImmediate(() => void this.#readWanted())
    this.#wanted.push({ object, what, resolve, reject })
    return promise
  }

  async #readWanted(): Promise<void> {
    const wanted = this.#wanted
    this.#wanted = []
    for (let start = 0; start < wanted.length; start += MOST_AT_ONCE) {
      const some = wanted.slice(start, start + MOST_AT_ONCE)
      const contents = some.length > 1 ? await this.#together(some.map(({ object }) => object)) : undefined
      for (const [position, { object, what, resolve, reject }] of some.entries()) {
        const content = contents?.[position]
        // One that is missing spoils it for all: then each is read, and answered for, by itself.
        const text = content === undefined ? readBlob(this.#clone, object, what) : textOf(content, what)
        await Promise.resolve(text).then(resolve, reject)
      }
    }
  }

  async #together(objects: readonly string[]): Promise<Buffer[] | undefined> {
    try {
      const input = objects.map((object) => `${object}\n`).join('')
      const { output } = await this.#clone.run('read files', ['cat-file', '--batch'], { input })
      return contentsOf(output)
    } catch {
      return undefined
    }
  }
}

/** `<object> blob <size>`, a line feed, the content, a line feed; again and again. */
function contentsOf(output: Buffer): Buffer[] {
  const contents: Buffer[] = []
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf('\n', start)
    const size = Number(output.subarray(start, end).toString().split(' ')[2])
    contents.push(output.subarray(end + 1, end + 1 + size))
    start = end + size + 2
  }
  return contents
}

async function readBlob(clone: Clone, object: string, what: string): Promise<string> {
  let content: Buffer
  try {
    const args = ['cat-file', 'blob', object]
    content = (await clone.run(`read ${what}`, args, { outputLimit: LARGEST_FILE })).output
  } catch (error) {
    // Left out by the filter of the fetch, and not to be fetched now.
    const leftOut = error instanceof GitError && ['missing-object', 'too-large'].includes(error.kind)
    throw leftOut ? tooLarge(what) : error
  }
  return textOf(content, what)
}

async function textOf(content: Buffer, what: string): Promise<string> {
  if (content.byteLength > LARGEST_FILE) throw tooLarge(what)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch (cause) {
    throw new GitError('path', `${what} is not UTF-8 text`, 'Name a text file', { cause })
  }
}

function tooLarge(what: string): GitError {
  return new GitError(
    'too-large',
    `${what} is larger than 1 MiB`,
    'Keep what is to be written in a file of its own',
  )
}
