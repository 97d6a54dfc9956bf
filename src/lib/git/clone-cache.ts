import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { takeLock } from './clone-lock.ts'
import { GitError } from './git-error.ts'

/** Bytes of all clones together, and milliseconds for which one that is not used is kept. */
const MOST_BYTES = 2 * 1024 ** 3
const UNUSED_FOR = 30 * 24 * 60 * 60 * 1000

/** The folder of all clones, which nobody else can enter. @throws GitError of kind `disk` */
export async function cloneRoot(cacheFolder: string): Promise<string> {
  const root = join(cacheFolder, 'git')
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    await chmod(root, 0o700)
    return root
  } catch (cause) {
    throw new GitError(
      'disk',
      `the folder of cached clones ${root} cannot be made: ${(cause as Error).message}`,
      'Make it writable, or put the cache elsewhere with XDG_CACHE_HOME',
      { cause },
    )
  }
}

/** The name of a clone: one for each repository and identity. */
export function cloneName(href: string, identity: string): string {
  return createHash('sha256')
    .update(JSON.stringify([href, identity]))
    .digest('hex')
    .slice(0, 32)
}

/**
 * Removes clones that were not used for a month, and the longest unused ones while all together are too large. One in
 * use is left alone.
 */
export async function pruneClones(root: string, keep: string, mostBytes = MOST_BYTES): Promise<void> {
  const names = (await readdir(root)).filter((name) => name.endsWith('.git') && name !== `${keep}.git`)
  const clones = await Promise.all(
    names.map(async (name) => {
      const folder = join(root, name)
      const used = (await stat(folder).catch(() => undefined))?.mtimeMs ?? 0
      return { folder, used, bytes: await folderSize(folder) }
    }),
  )
  let total = clones.reduce((sum, { bytes }) => sum + bytes, await folderSize(join(root, `${keep}.git`)))
  for (const { folder, used, bytes } of clones.sort((a, b) => a.used - b.used)) {
    if (total <= mostBytes && Date.now() - used < UNUSED_FOR) break
    try {
      await using _lock = await takeLock(folder.replace(/git$/, 'lock'), { what: folder, patience: 0 })
      await rm(folder, { recursive: true, force: true })
      total -= bytes
    } catch (error) {
      if (!(error instanceof GitError)) throw error
    }
  }
}

/** Notes that a clone is used now. */
export async function markUsed(folder: string): Promise<void> {
  const now = new Date()
  await utimes(folder, now, now)
}

async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (info) => (info.isFile() ? info.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
