import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { serveAskpass } from '../../src/lib/git/askpass.ts'
import { openPrivateFolder } from '../../src/lib/git/private-folder.ts'

/** Listens on a socket in a folder that only this user can enter: no port, nothing that others reach. */
const SOCKET = join('lib', 'git', 'askpass.ts')
const SOURCES = fileURLToPath(new URL('../../src', import.meta.url))

it('S19: no command opens a port for others, but the sandbox, whose servers are on loopback', async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const texts = await Promise.all(
    files.map(async (name) => [name, await readFile(join(SOURCES, name), 'utf8')] as const),
  )
  const listening = texts.filter(([, text]) => /createServer|\.listen\(/.test(text))
  const outside = listening.map(([name]) => name).filter((name) => !name.startsWith(join('lib', 'sandbox')))
  expect(outside).toEqual([SOCKET])
  for (const [name, text] of listening) {
    for (const [call] of text.matchAll(/\.listen\([^)]*\)/g)) {
      expect(call, name).toContain(name === SOCKET ? '(socket)' : "'127.0.0.1'")
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
