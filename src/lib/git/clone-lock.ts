import { open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { GitError } from './git-error.ts'
import { processRuns } from './process-runs.ts'

/** Milliseconds between two signs of life of a holder, and after how many without one it is taken for dead. */
const SIGN_OF_LIFE = 5_000
const DEAD_AFTER = 60_000
const ASK_AGAIN = 50

export interface LockOptions {
  /** For messages: what is locked. */
  readonly what: string
  /** Milliseconds to wait for another holder; default 10 minutes. */
  readonly patience?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Waits until no other process of this tool holds the lock file, and holds it. A holder that was killed is noticed:
 * by its process on this machine, by its missing signs of life on another that shares the folder.
 *
 * @throws GitError of kind `locked` after `patience`, `interrupted` when aborted
 */
export async function takeLock(
  file: string,
  { what, patience = 600_000, signal }: LockOptions,
): Promise<AsyncDisposable> {
  const giveUpAt = performance.now() + patience
  while (!(await created(file))) {
    if (await removeWhenStale(file)) continue
    if (performance.now() > giveUpAt) {
      throw new GitError('locked', `${what} is in use by another run`, 'Try again when it has finished')
    }
    await delay(ASK_AGAIN, undefined, signal ? { signal } : {}).catch((cause) => {
      throw new GitError('interrupted', `the wait for ${what} was interrupted`, '', { cause })
    })
  }
  const alive = setInterval(() => {
    const now = new Date()
    utimes(file, now, now).catch(() => {})
  }, SIGN_OF_LIFE).unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(alive)
      await rm(file, { force: true })
    },
  }
}

async function created(file: string): Promise<boolean> {
  try {
    await using handle = await open(file, 'wx', 0o600)
    await handle.writeFile(`${process.pid} ${hostname()}`)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes the file of a dead holder. Only who holds a second lock file may do so: else two could remove, one of them the other's new one. */
async function removeWhenStale(file: string): Promise<boolean> {
  if (!(await isStale(file))) return false
  const removal = `${file}.removal`
  if (!(await created(removal))) {
    if (await isStale(removal)) await rm(removal, { force: true })
    return false
  }
  try {
    if (await isStale(file)) await rm(file, { force: true })
    return true
  } finally {
    await rm(removal, { force: true })
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, content] = await Promise.all([stat(file), readFile(file, 'utf8')])
    const [pid, host] = content.split(' ')
    if (Date.now() - mtimeMs > DEAD_AFTER) return true
    return host === hostname() && !processRuns(Number(pid))
  } catch {
    // It has just gone.
    return false
  }
}
