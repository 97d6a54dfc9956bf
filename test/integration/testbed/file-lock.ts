import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs `work` while no other process holds the lock on `file`. The lock is the kernel's (flock(1) of
 * util-linux, which every Debian has), so it is released whatever becomes of this process.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  // `cat` holds the lock until its input ends, which it also does when this process dies.
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = once(holder, 'close')
  await Promise.race([
    once(holder.stdout, 'data'),
    ended.then(() => Promise.reject(new Error(`cannot lock ${file}`))),
  ])
  try {
    return await work()
  } finally {
    holder.stdin.end()
    await ended
  }
}
