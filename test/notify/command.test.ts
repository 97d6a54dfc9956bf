import { readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDestination } from '../../src/lib/notify/open-destination.ts'
import { temporaryFolder } from '../cluster/temporary-folder.ts'
import { objections } from '../schema/schema.ts'
import { fieldsOf, HOSTILE } from './notifications.ts'
import { surroundingsOf } from './surroundings.ts'

const never = new AbortController().signal

/** A program that runs this JavaScript; `out` is the path of a file beside it. */
async function program(script: string) {
  const folder = await temporaryFolder()
  const file = path.join(folder, 'tell')
  const out = path.join(folder, 'out.json')
  const lines = [
    `#!${process.execPath}`,
    "const { readFileSync, writeFileSync } = require('node:fs')",
    `const out = ${JSON.stringify(out)}`,
    script,
  ]
  await writeFile(file, lines.join('\n'), { mode: 0o755 })
  return { file, folder, read: async () => JSON.parse(await readFile(out, 'utf8')) as Recorded }
}

interface Recorded {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly input: string
}

const RECORD =
  "writeFileSync(out, JSON.stringify({ args: process.argv.slice(2), env: process.env, input: readFileSync(0, 'utf8') }))"

describe('a command is run', () => {
  it('with the document on standard input and the fields as variables', async () => {
    const { file, read } = await program(RECORD)
    const destination = await openDestination(`command:${file}`, surroundingsOf())
    await destination.deliver([fieldsOf()], never)
    const { args, env, input } = await read()
    expect(args).toEqual([])
    expect(objections(JSON.parse(input))).toBe('')
    expect(env).toMatchObject({
      IMAGE_UPDATER_APPLICATION: 'shop',
      IMAGE_UPDATER_AT: '2026-01-02T03:04:05.000Z',
      IMAGE_UPDATER_EVENT: 'applied',
      IMAGE_UPDATER_FROM: '1.4.2',
      IMAGE_UPDATER_IMAGE: 'web',
      IMAGE_UPDATER_TO: '1.5.0',
      IMAGE_UPDATER_TEXT: expect.stringContaining('shop/web 1.4.2 → 1.5.0 applied'),
    })
  })

  it('with nothing else of our environment than PATH and HOME', async () => {
    const { file, read } = await program(RECORD)
    const env = { ...surroundingsOf().env, AWS_SECRET_ACCESS_KEY: 'S3CRET', SLACK_WEBHOOK: 'S3CRET' }
    const destination = await openDestination(`command:${file}`, surroundingsOf({ env }))
    await destination.deliver([fieldsOf()], never)
    const names = Object.keys((await read()).env).filter((name) => !name.startsWith('IMAGE_UPDATER_'))
    // macOS adds a variable of its own to every process.
    expect(names.filter((name) => !name.startsWith('__CF')).sort()).toEqual(['HOME', 'PATH'])
  })

  it('without a shell, and no text from outside can add a variable or a control character', async () => {
    const { file, folder, read } = await program(RECORD)
    const touch = `$(touch ${folder}/ran); \`touch ${folder}/ran\``
    const destination = await openDestination(`command:${file}`, surroundingsOf())
    await destination.deliver([fieldsOf({ application: touch, reason: `${HOSTILE}\nPATH=/evil` })], never)
    const { env, input } = await read()
    expect(env['IMAGE_UPDATER_APPLICATION']).toBe(touch)
    expect(env['PATH']).toBe(process.env['PATH'])
    expect(Object.values(env).join('')).not.toMatch(/[\u0000-\u001f\u202e]/)
    expect(JSON.parse(input)).toMatchObject({ reason: `${HOSTILE}\nPATH=/evil` })
    await expect(readFile(path.join(folder, 'ran'))).rejects.toThrow('ENOENT')
  })

  it('with the text of a template', async () => {
    const { file, read } = await program(RECORD)
    const flag = `command:${file},template={{ application }} runs {{ to }}, at last`
    const destination = await openDestination(flag, surroundingsOf())
    await destination.deliver([fieldsOf()], never)
    const { env, input } = await read()
    expect(env['IMAGE_UPDATER_TEXT']).toBe('shop runs 1.5.0, at last')
    expect(JSON.parse(input)).toMatchObject({ text: 'shop runs 1.5.0, at last' })
  })

  it('found in PATH by its name', async () => {
    const { folder, read } = await program(RECORD)
    const destination = await openDestination('command:tell', surroundingsOf({ env: { PATH: folder } }))
    await destination.deliver([fieldsOf()], never)
    expect((await read()).env['IMAGE_UPDATER_TO']).toBe('1.5.0')
  })

  it('even if it does not read its input', async () => {
    const { file } = await program('process.stdin.destroy()')
    const destination = await openDestination(`command:${file}`, surroundingsOf())
    await expect(destination.deliver([fieldsOf()], never)).resolves.toBeUndefined()
  })
})

describe('a command fails', () => {
  async function failureOf(script: string, limit = 30_000, signal = never) {
    const { file } = await program(script)
    const destination = await openDestination(
      `command:${file}`,
      surroundingsOf({ limits: { command: limit } }),
    )
    const error: unknown = await destination.deliver([fieldsOf()], signal).catch((reason: unknown) => reason)
    return error instanceof Error ? error.message.replace(file, 'TELL') : error
  }

  it.each([
    ['process.exit(3)', 'command (TELL) failed with exit code 3'],
    [
      "process.stderr.write('no such\\n\\u001b[31mchannel\\n'); process.exitCode = 1",
      'command (TELL) failed with exit code 1: no such ^[[31mchannel',
    ],
    [
      "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60000)",
      'command (TELL) was ended by SIGTERM',
    ],
  ])('%s', async (script, expected) => {
    expect(await failureOf(script)).toBe(expected)
  })

  it('with at most 200 characters of what it said', async () => {
    const message = await failureOf("process.stderr.write('x'.repeat(1e6)); process.exitCode = 1")
    expect(String(message)).toMatch(/^command \(TELL\) failed with exit code 1: x{200}$/)
  })

  it('when it takes too long', async () => {
    expect(await failureOf('setTimeout(() => {}, 60000)', 300)).toBe('command (TELL) took longer than 0.3 s')
  })

  it('when it is told to stop, and all that it started ends with it', async () => {
    const stop = new AbortController()
    const { promise: childGone, resolve } = Promise.withResolvers<void>()
    const server = createServer((socket) => {
      socket.on('close', () => resolve()).on('error', () => undefined)
      stop.abort()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const child = `require('node:net').connect(${(server.address() as AddressInfo).port}, '127.0.0.1')`
    const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); setTimeout(() => {}, 60000)`
    expect(await failureOf(script, 30_000, stop.signal)).toBe('command (TELL) was interrupted')
    await childGone
  })

  it.each(['/nowhere/tell', 'tell --loud'])('at the start when there is no %s', async (name) => {
    await expect(openDestination(`command:${name}`, surroundingsOf())).rejects.toThrow(
      `there is no program "${name}" that can be run`,
    )
  })
})
