import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import { git } from './plain-git.ts'

export interface ServerOptions {
  /** The only Authorization header that is let in; default that of {@link BASIC}. '' lets everybody in. */
  readonly authorization?: string
  /** HTTPS instead of HTTP. */
  readonly tls?: SecureContextOptions & Pick<TlsOptions, 'requestCert' | 'rejectUnauthorized'>
}

export const BASIC = { kind: 'basic', username: 'git', password: 's3cret-pässword' } as const

/** Texts by path; a mode of git's makes a symlink of one (120000) or a submodule (160000, the text is a commit). */
export type Files = Readonly<Record<string, string | { readonly mode: string; readonly text: string }>>

/** A smart-HTTP server on loopback: `git http-backend` behind an Authorization header. */
export interface GitServer extends AsyncDisposable {
  readonly origin: string
  /** The folder of the bare repositories. */
  readonly folder: string
  /** `POST /gitops.git/git-receive-pack`, in order. */
  readonly requests: string[]
  /** Runs before a request is answered, for what happens meanwhile. */
  before: (request: string) => Promise<void>
  /** Makes a repository whose branch main holds these files. @returns its folder */
  createRepository(name: string, files: Files): Promise<string>
}

export async function startGitServer({
  authorization = basicHeader(),
  tls,
}: ServerOptions = {}): Promise<GitServer> {
  const folder = await mkdtemp(join(tmpdir(), 'git-server-'))
  const requests: string[] = []
  const backends = new Set<ChildProcess>()
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/'
    if (authorization !== '' && request.headers.authorization !== authorization) {
      request.resume()
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no entry')
      return
    }
    const line = `${request.method} ${path}`
    requests.push(line)
    await made.before(line)
    const backend = answer(folder, request, response)
    backends.add(backend)
    backend.once('close', () => backends.delete(backend))
  }
  const server = tls ? createSecureServer(tls, listener) : createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const made: GitServer = {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    requests,
    before: async () => {},
    async createRepository(name, files) {
      const repository = join(folder, name)
      await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', repository)
      await git(repository, 'config', 'uploadpack.allowFilter', 'true')
      await commitFiles(repository, 'main', files, 'first')
      return repository
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      // One whose request was cut off waits for the rest of it for ever, busily.
      const ended = [...backends].map((backend) => once(backend, 'close'))
      for (const backend of backends) backend.kill()
      await Promise.all(ended)
      await rm(folder, { recursive: true, force: true })
    },
  }
  return made
}

/** Commits files straight into a bare repository, as somebody else's push does. @returns the commit */
export async function commitFiles(
  repository: string,
  branch: string,
  files: Files,
  message: string,
): Promise<string> {
  const ref = `refs/heads/${branch}`
  const parent = await git(repository, 'rev-parse', '--quiet', '--verify', ref).catch(() => '')
  const folder = await mkdtemp(join(tmpdir(), 'git-work-'))
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') }
    if (parent) await git(repository, { env }, 'read-tree', parent)
    for (const [path, content] of Object.entries(files)) {
      const { mode, text } = typeof content === 'string' ? { mode: '100644', text: content } : content
      const file = join(folder, 'file')
      await writeFile(file, text)
      const object =
        mode === '160000' ? text : await git(repository, 'hash-object', '-w', '--no-filters', file)
      await git(repository, { env }, 'update-index', '--add', '--cacheinfo', `${mode},${object},${path}`)
    }
    const tree = await git(repository, { env }, 'write-tree')
    const commit = await git(
      repository,
      'commit-tree',
      tree,
      ...(parent ? ['-p', parent] : []),
      '-m',
      message,
    )
    await git(repository, 'update-ref', ref, commit, ...(parent ? [parent] : []))
    return commit
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function basicHeader(): string {
  return `Basic ${Buffer.from(`${BASIC.username}:${BASIC.password}`).toString('base64')}`
}

function answer(folder: string, request: IncomingMessage, response: ServerResponse): ChildProcess {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const header = (name: string) => String(request.headers[name] ?? '')
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: header('content-type'),
      ...(header('content-length') ? { CONTENT_LENGTH: header('content-length') } : {}),
      ...(header('content-encoding') ? { HTTP_CONTENT_ENCODING: header('content-encoding') } : {}),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: 'somebody',
      REMOTE_ADDR: '127.0.0.1',
    },
  })
  request.pipe(backend.stdin)
  backend.stdin.on('error', () => {})
  let head: Buffer | undefined = Buffer.alloc(0)
  backend.stdout.on('data', (piece: Buffer) => {
    if (head === undefined) return void response.write(piece)
    head = Buffer.concat([head, piece])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    const lines = head.subarray(0, end).toString().split('\r\n')
    const headers = Object.fromEntries(lines.map((line) => line.split(': ', 2) as [string, string]))
    const { Status: status = '200', ...rest } = headers
    response.writeHead(Number.parseInt(status, 10), rest).write(head.subarray(end + 4))
    head = undefined
  })
  backend.on('close', () => response.end())
  return backend
}
