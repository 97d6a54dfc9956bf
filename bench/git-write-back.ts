/**
 * `npm run bench:git [-- --applications N]`: what it costs to write a new tag for many Applications of one repository, in
 * one commit, against one by one. Both against the same smart-HTTP server on loopback, in the same run.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { commitAndPush, type RepositoryChange } from '../src/lib/git/commit-and-push.ts'
import { findGit } from '../src/lib/git/run-git.ts'
import { git } from '../test/git/plain-git.ts'
import { BASIC, type GitServer, startGitServer } from '../test/git/server.ts'

const { values } = parseArgs({ options: { applications: { type: 'string', default: '100' } } })
const count = Number(values.applications)
const paths = Array.from({ length: count }, (_, index) => `apps/app-${index}/values.yaml`)
const text = (tag: string) => `image:\n  repository: registry.example.com/team/app\n  tag: "${tag}"\n`

interface Line {
  readonly client: string
  readonly commits: number
  readonly requests: number
  readonly seconds: number
}

const folder = await mkdtemp(join(tmpdir(), 'bench-git-'))
await using server = await startGitServer()
try {
  const lines = [
    await measured('fresh clone each', server, freshClones),
    await measured('cached clone, one by one', server, oneByOne),
    await measured('one commit', server, allAtOnce),
  ]
  process.stdout.write(table(lines))
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function measured(
  client: string,
  { requests, createRepository, origin }: GitServer,
  work: (url: string, home: string) => Promise<void>,
): Promise<Line> {
  const name = `${client.replaceAll(/\W+/g, '-')}.git`
  const repository = await createRepository(
    name,
    Object.fromEntries(paths.map((path) => [path, text('1.0.0')])),
  )
  const home = await mkdtemp(join(folder, 'home-'))
  requests.length = 0
  const start = performance.now()
  await work(`${origin}/${name}`, home)
  const seconds = (performance.now() - start) / 1000
  const asked = requests.length
  for (const path of paths) {
    if ((await git(repository, 'show', `main:${path}`)) !== text('1.1.0').trim())
      throw new Error(`${path} is not updated`)
  }
  const commits = Number(await git(repository, 'rev-list', '--count', 'main')) - 1
  return { client, commits, requests: asked, seconds }
}

/** As argocd-image-updater does it: a folder, a clone, a commit and a push for every Application. */
async function freshClones(url: string, home: string): Promise<void> {
  const authenticated = url.replace('://', `://${BASIC.username}:${encodeURIComponent(BASIC.password)}@`)
  for (const [index, path] of paths.entries()) {
    const clone = join(home, String(index))
    await mkdir(clone)
    await git(clone, 'init', '--quiet')
    await git(clone, 'remote', 'add', 'origin', authenticated)
    await git(clone, 'fetch', '--quiet', 'origin', 'main', '--force', '--prune', '--depth', '1')
    await git(clone, 'checkout', '--quiet', '--force', '-B', 'main', 'FETCH_HEAD')
    await git(clone, 'clean', '-ffdx')
    await writeFile(join(clone, path), text('1.1.0'))
    await git(clone, 'commit', '--quiet', '--all', '--message', `update app-${index}`)
    await git(clone, 'push', '--quiet', 'origin', 'main')
    await rm(clone, { recursive: true })
  }
}

async function oneByOne(url: string, home: string): Promise<void> {
  for (const path of paths) await change(url, home, [path])
}

async function allAtOnce(url: string, home: string): Promise<void> {
  await change(url, home, paths)
}

async function change(url: string, home: string, changed: readonly string[]): Promise<void> {
  const edit: RepositoryChange['edit'] = async (tree) => {
    await Promise.all(
      changed.map(async (path) => {
        const before = (await tree.read(path)) ?? ''
        await tree.write(path, before.replace('1.0.0', '1.1.0'))
      }),
    )
    return { message: `update ${changed.length} applications` }
  }
  const env = { PATH: process.env['PATH'], HOME: home }
  const program = await findGit(env, process.platform)
  const committer = { name: 'Bench', email: 'bench@example.com' }
  await commitAndPush(
    { url, access: BASIC, edit, commit: { committer } },
    { git: program, cacheFolder: home, allowedHosts: ['127.0.0.1'] },
  )
}

function table(lines: readonly Line[]): string {
  const [baseline] = lines
  const rows = lines.map(({ client, commits, requests, seconds }) => [
    client,
    ...[commits, requests].map(String),
    ...[seconds.toFixed(2), ((baseline?.seconds ?? 0) / seconds).toFixed(1)],
  ])
  const all = [['CLIENT', 'COMMITS', 'REQUESTS', 'SECONDS', 'TIME RATIO'], ...rows]
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(column === 0 ? 27 : 11))
          .join('')
          .trimEnd()}\n`,
    )
    .join('')
}
