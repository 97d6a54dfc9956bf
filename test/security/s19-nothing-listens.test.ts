import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, type TestContext } from 'vitest'
import { serveAskpass } from '../../src/lib/git/askpass.ts'
import { openPrivateFolder } from '../../src/lib/git/private-folder.ts'
import { startWorld } from '../e2e/world/world.ts'

/** Listens on a socket in a folder that only this user can enter: no port, nothing that others reach. */
const SOCKET = join('lib', 'git', 'askpass.ts')
/** Listens where --metrics-addr says, and nowhere without it. */
const METRICS = join('lib', 'metrics', 'metrics-server.ts')
const SOURCES = fileURLToPath(new URL('../../src', import.meta.url))

it('S19: no command opens a port by itself, but the sandbox, whose servers are on loopback', async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const texts = await Promise.all(
    files.map(async (name) => [name, await readFile(join(SOURCES, name), 'utf8')] as const),
  )
  const listening = texts.filter(([, text]) => /createServer|\.listen\(/.test(text))
  const outside = listening.map(([name]) => name).filter((name) => !name.startsWith(join('lib', 'sandbox')))
  expect(outside.toSorted()).toEqual([SOCKET, METRICS])
  for (const [name, text] of listening) {
    for (const [call] of text.matchAll(/\.listen\([^)]*\)/g)) {
      const asked = { [METRICS]: '(address)', [SOCKET]: '(socket)' }[name]
      expect(call, name).toContain(asked ?? "'127.0.0.1'")
    }
  }
})

// Windows has a named pipe in its place.
it.skipIf(process.platform === 'win32')('S19: the socket for git is for this user alone', async () => {
  await using folder = await openPrivateFolder()
  await using askpass = await serveAskpass(folder.path, { origin: 'https://a', password: 'p', username: 'u' })
  const socket = askpass.env['KUBECTL_IMAGE_UPDATER_ASKPASS'] ?? ''
  expect(dirname(socket)).toBe(folder.path)
  expect((await stat(socket)).isSocket()).toBe(true)
  expect((await stat(folder.path)).mode & 0o777).toBe(0o700)
})

describe.skipIf(process.platform !== 'linux')('S19: what a running watch listens at', () => {
  /** `127.0.0.1:8080` of every TCP port a process listens at, read from the kernel. */
  async function listening(pid: number): Promise<string[]> {
    const links = await readdir(`/proc/${pid}/fd`)
    const targets = await Promise.all(
      links.map((link) => readlink(`/proc/${pid}/fd/${link}`).catch(() => '')),
    )
    const inodes = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []))
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
    )
    const rows = tables
      .flatMap((table) => table.trim().split('\n').slice(1))
      .map((row) => row.trim().split(/\s+/))
    return rows.flatMap(([, local = '', , state, , , , , , inode = '']) =>
      state === '0A' && inodes.has(inode) ? [addressOf(local)] : [],
    )
  }

  /** `0100007F:1F90` as people write it; loopback and nothing else is told apart. */
  function addressOf(hexadecimal: string): string {
    const [host, port = ''] = hexadecimal.split(':')
    return `${host === '0100007F' ? '127.0.0.1' : host}:${Number.parseInt(port, 16)}`
  }

  async function watching(test: TestContext, args: readonly string[]) {
    const world = await startWorld()
    test.onTestFinished(() => world.close())
    const running = world.start(['watch', ...args])
    await running.until(() => expect(running.stderr).toContain('polling every 2m'))
    return running
  }

  it('is nothing', async (test) => {
    const { pid } = await watching(test, [])
    expect(await listening(pid)).toEqual([])
  })

  it('is the address that was given, and nothing besides', async (test) => {
    const running = await watching(test, ['--metrics-addr', '127.0.0.1:0'])
    await running.until(() => expect(running.stderr).toContain('metrics and probes at'))
    const [, address = ''] = /at http:\/\/(\S+)$/m.exec(running.stderr) ?? []
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(await listening(running.pid)).toEqual([address])
    const answer = await fetch(`http://${address}/metrics`)
    expect(await answer.text()).toContain('image_updater_build_info{')
  })
})
