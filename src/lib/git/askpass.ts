import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'

/** A user and a password for one server. */
export interface AskpassAnswers {
  /** `https://host:port` or `http://…`: no other server is ever given an answer. */
  readonly origin: string
  readonly username: string
  readonly password: string
}

export interface Askpass extends AsyncDisposable {
  /** What git needs to find the program: places, no secrets. */
  readonly env: Readonly<Record<string, string>>
}

/** Asks this process over its socket what git asks, and prints the answer; without one it fails. */
const PROGRAM = `
const socket = require('node:net').connect(process.env.KUBECTL_IMAGE_UPDATER_ASKPASS)
let answer = ''
socket.on('error', () => process.exit(1))
socket.setEncoding('utf8').on('data', (text) => { answer += text })
socket.on('end', () => {
  if (answer === '') process.exit(1)
  process.stdout.write(answer + '\\n')
})
socket.end(process.argv[2] ?? '')
`

/**
 * Answers git's questions for user and password over a socket in a private folder, so that they are in no argument,
 * no environment and no file.
 *
 * @param folder an existing one that only this user can enter
 */
export async function serveAskpass(folder: string, answers: AskpassAnswers): Promise<Askpass> {
  const windows = process.platform === 'win32'
  const socket = windows
    ? `\\\\.\\pipe\\${folder.replaceAll(/[^\w-]/g, '_')}`
    : join(folder, 'askpass.socket')
  const program = join(folder, 'askpass')
  // A link, since a path with blanks or of some length cannot stand in the first line of a program.
  const node = windows ? process.execPath : join(folder, 'node')
  if (!windows) await symlink(process.execPath, node)
  await writeFile(program, `#!${node}\n${PROGRAM}`, { mode: 0o700 })
  const connections = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connections.add(connection)
    let question = ''
    connection.on('error', () => {})
    connection.on('close', () => connections.delete(connection))
    connection.setEncoding('utf8').on('data', (text: string) => {
      question = (question + text).slice(0, 4096)
    })
    connection.on('end', () => connection.end(answerTo(question, answers)))
  })
  server.listen(socket)
  await once(server, 'listening')
  server.unref()
  return {
    env: { GIT_ASKPASS: program, KUBECTL_IMAGE_UPDATER_ASKPASS: socket },
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

/** The answer to `Username for 'https://host': ` or `Password for 'https://user@host': `; '' for any other server. */
export function answerTo(question: string, { origin, username, password }: AskpassAnswers): string {
  const [, wanted, url = ''] = /^(Username|Password) for '([^']*)'/.exec(question) ?? []
  if (!URL.canParse(url) || new URL(url).origin !== new URL(origin).origin) return ''
  return wanted === 'Username' ? username : password
}
