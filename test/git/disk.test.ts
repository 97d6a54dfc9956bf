import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type Operator, world, writing } from './operator.ts'
import { git } from './plain-git.ts'

const PROGRAM = fileURLToPath(new URL('change-program.ts', import.meta.url))
const OWN_VIEW = ['--map-root-user', '--mount', 'sh', '-c']
const canMount = spawnSync('unshare', [...OWN_VIEW, 'mount -t tmpfs none /mnt']).status === 0

/** Makes a change on a disk of so many KiB that nobody else sees. */
async function onSmallDisk({ env, server, cacheFolder }: Operator, size: number): Promise<unknown> {
  const mount = `mount -t tmpfs -o size=${size}k none "$1" && shift && exec "$@"`
  const program = [process.execPath, PROGRAM, `${server.origin}/gitops.git`, cacheFolder]
  const child = spawn('unshare', [...OWN_VIEW, mount, 'sh', cacheFolder, ...program], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => {
    text += piece
  })
  await once(child, 'close')
  return JSON.parse(text)
}

it.skipIf(!canMount).each([8, 60, 200])(
  'a full disk (%i KiB) is said in one line, and nothing is pushed',
  async (size) => {
    // Random, so that it is not smaller in a pack.
    const noise = Array.from({ length: 40_000 }, () => Math.random().toString(36).slice(2)).join('\n')
    const operator = await world({ 'app/values.yaml': 'tag: "1.0"\n', noise })
    expect(await onSmallDisk(operator, size)).toMatchObject({
      kind: 'disk',
      message: expect.stringMatching(/^cannot [^\n]*no space left/i),
    })
    expect(await git(operator.repository, 'rev-list', '--count', 'main')).toBe('1')
  },
)

it('a cache folder that cannot be one is named', async () => {
  const { change, cacheFolder } = await world()
  await writeFile(join(cacheFolder, 'git'), '')
  await expect(change({ edit: writing('x', 'x') })).rejects.toMatchObject({
    kind: 'disk',
    message: expect.stringContaining(join(cacheFolder, 'git')),
    remedy: expect.stringContaining('XDG_CACHE_HOME'),
  })
})
