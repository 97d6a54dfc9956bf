import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { GitAccess } from '../../src/lib/git/access.ts'
import { type ChangeResult, commitAndPush, type RepositoryChange } from '../../src/lib/git/commit-and-push.ts'
import { findGit } from '../../src/lib/git/run-git.ts'
import { BASIC, type Files, type GitServer, type ServerOptions, startGitServer } from './server.ts'

/** An operator with a home and a cache of their own, and nothing else of this machine. */
export interface Operator {
  readonly home: string
  readonly cacheFolder: string
  /** Their environment; a test may add to it. */
  readonly env: Record<string, string>
  readonly server: GitServer
  /** Changes `gitops.git` on the server unless told otherwise. */
  change(change: Partial<RepositoryChange> & Pick<RepositoryChange, 'edit'>): Promise<ChangeResult>
}

export async function operator(server: GitServer): Promise<Operator> {
  const home = await mkdtemp(join(tmpdir(), 'git-operator-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  // Blanks and quotes: whatever git does with a path must hold for these.
  const cacheFolder = join(home, `the op's "cache"`)
  await mkdir(cacheFolder)
  await writeFile(join(home, '.gitconfig'), '[user]\n\tname = Op Erator\n\temail = op@example.com\n')
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', HOME: home }
  const access: GitAccess = BASIC
  return {
    home,
    cacheFolder,
    env,
    server,
    async change(change) {
      const program = await findGit(env, process.platform)
      const options = { git: program, cacheFolder, allowedHosts: ['127.0.0.1'] }
      return commitAndPush({ url: `${server.origin}/gitops.git`, access, ...change }, options)
    },
  }
}

/** A server that ends with the test. */
export async function gitServer(options: ServerOptions = {}): Promise<GitServer> {
  const server = await startGitServer(options)
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

/** An operator, and a server with the repository `gitops.git`. */
export async function world(
  files: Files = { 'app/values.yaml': 'tag: "1.0"\n' },
  options: ServerOptions = {},
) {
  const server = await gitServer(options)
  const repository = await server.createRepository('gitops.git', files)
  return { repository, ...(await operator(server)) }
}

/** An edit that writes one file. */
export function writing(path: string, text: string, message = 'update'): RepositoryChange['edit'] {
  return async (tree) => {
    await tree.write(path, text)
    return { message }
  }
}
