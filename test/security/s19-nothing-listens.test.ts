import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url))

it('S19: no command opens a port for others, but the sandbox, whose servers are on loopback', async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const texts = await Promise.all(
    files.map(async (name) => [name, await readFile(join(SOURCES, name), 'utf8')] as const),
  )
  const listening = texts.filter(([, text]) => /createServer|\.listen\(/.test(text))
  expect(listening.map(([name]) => name).filter((name) => !name.startsWith(join('lib', 'sandbox')))).toEqual(
    [],
  )
  for (const [name, text] of listening) {
    for (const [call] of text.matchAll(/\.listen\([^)]*\)/g)) expect(call, name).toContain("'127.0.0.1'")
  }
})
