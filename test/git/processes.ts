import { readdir, readFile } from 'node:fs/promises'

/** What one process can be seen to hold on Linux. */
export interface SeenProcess {
  readonly args: string
  readonly env: string
}

/** All processes of this machine that this user can look into, but the test itself. */
export async function seenProcesses(): Promise<SeenProcess[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const seen = await Promise.all(
    ids.map(async (id) => {
      const [args, env] = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${id}/${file}`, 'latin1').catch(() => '')),
      )
      return { args: args ?? '', env: env ?? '' }
    }),
  )
  return seen
}

/** Those that run git for a test with this home. */
export async function gitProcesses(home: string): Promise<SeenProcess[]> {
  return (await seenProcesses()).filter(({ args, env }) => args.includes(home) || env.includes(home))
}
