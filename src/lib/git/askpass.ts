import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { SELF_CONTAINED } from '../machine/self-contained.ts'

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

/** Names the socket to the program that git starts. Whoever finds it set is that program, and nothing else. */
const ASKPASS_SOCKET = 'KUBECTL_IMAGE_UPDATER_ASKPASS'

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
    env: { GIT_ASKPASS: await askingProgram(folder), [ASKPASS_SOCKET]: socket },
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

/**
 * What git is to start: one file without arguments, on Windows an .exe. The self-contained program is one, and sees
 * from its environment what it is wanted for; for Node a script in the folder does the same.
 */
async function askingProgram(folder: string): Promise<string> {
  if (SELF_CONTAINED) return process.execPath
  const windows = process.platform === 'win32'
  const program = join(folder, 'askpass')
  // A link, since a path with blanks or of some length cannot stand in the first line of a program.
  const node = windows ? process.execPath : join(folder, 'node')
  if (!windows) await symlink(process.execPath, node)
  const script = `import(${JSON.stringify(import.meta.url)}).then((askpass) => askpass.askForGit(process.argv[2]))`
  await writeFile(program, `#!${node}\n${script}\n`, { mode: 0o700 })
  return program
}

/** Whether git has started this program to ask a question. */
export function isAskedByGit(env: NodeJS.ProcessEnv): boolean {
  return env[ASKPASS_SOCKET] !== undefined
}

/**
 * The other end, in the program that git starts: asks the first process over its socket what git asks, and prints the
 * answer; without one it fails.
 */
export function askForGit(question = ''): void {
  let answer = ''
  const fail = () => process.exit(1)
  const socket = connect(process.env[ASKPASS_SOCKET] ?? '')
  socket.on('error', fail)
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  socket.on('end', () => {
    if (answer === '') fail()
    process.stdout.write(`${answer}\n`)
  })
  socket.end(question)
}

/** The answer to `Username for 'https://host': ` or `Password for 'https://user@host': `; '' for any other server. */
export function answerTo(question: string, { origin, username, password }: AskpassAnswers): string {
  const [, wanted, url = ''] = /^(Username|Password) for '([^']*)'/.exec(question) ?? []
  if (!URL.canParse(url) || new URL(url).origin !== new URL(origin).origin) return ''
  return wanted === 'Username' ? username : password
}
