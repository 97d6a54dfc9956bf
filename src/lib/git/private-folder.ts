import { rmSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processRuns } from './process-runs.ts'

const PREFIX = 'kubectl-image-updater-git-'

/** What exists at this moment, so that nothing is left when this process exits in the middle. */
const open = new Set<string>()
process.once('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true })
})

/** A folder that only this user can enter, for what git must find in a file. */
export interface PrivateFolder extends AsyncDisposable {
  readonly path: string
}

/** Makes one in the system's folder for temporary files; also removes what earlier runs that were killed have left. */
export async function openPrivateFolder(parent = tmpdir()): Promise<PrivateFolder> {
  await sweep(parent)
  const path = await mkdtemp(join(parent, PREFIX))
  open.add(path)
  await writeFile(join(path, 'pid'), String(process.pid), { mode: 0o600 })
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true })
      open.delete(path)
    },
  }
}

async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names.filter((name) => name.startsWith(PREFIX))) {
    const folder = join(parent, name)
    if (open.has(folder)) continue
    try {
      // Without a readable pid it may just be coming into being, or belong to somebody else.
      const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
      const { uid } = await stat(folder)
      if (uid !== (process.getuid?.() ?? uid) || !(pid > 0) || processRuns(pid)) continue
      await rm(folder, { recursive: true, force: true })
    } catch {
      // Another process sweeps too, or it is not ours.
    }
  }
}
