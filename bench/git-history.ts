/**
 * `npm run bench:git-history [-- --megabytes N]`: what a change costs in a repository with a long history, against a
 * full clone by git from the same server, in the same run.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { commitAndPush } from '../src/lib/git/commit-and-push.ts'
import { findGit } from '../src/lib/git/run-git.ts'
import { git } from '../test/git/plain-git.ts'
import { BASIC, basicHeader, commitFiles, startGitServer } from '../test/git/server.ts'

const COMMITS = 10
const MEBIBYTE = 2 ** 20

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '200' } } })
const folder = await mkdtemp(join(tmpdir(), 'bench-git-history-'))
await using server = await startGitServer()
try {
  const repository = await server.createRepository('long.git', { 'values.yaml': 'tag: "0"\n' })
  // Nothing that compresses, so that the history is as long as asked for.
  await git(repository, 'config', 'core.compression', '0')
  await git(repository, 'config', 'pack.window', '0')
  for (let number = 0; number < COMMITS; number += 1) {
    const bytes = Math.round((Number(values.megabytes) * MEBIBYTE) / COMMITS / 2)
    await commitFiles(repository, 'main', { blob: randomBytes(bytes).toString('hex') }, `version ${number}`)
  }
  const url = `${server.origin}/long.git`
  const program = await findGit(process.env, process.platform)
  const cacheFolder = join(folder, 'cache')
  const change = async (tag: string) => {
    await commitAndPush(
      {
        access: BASIC,
        commit: { committer: { email: 'bench@example.com', name: 'bench' }, sign: false },
        edit: async (tree) => {
          await tree.write('values.yaml', `tag: "${tag}"\n`)
          return { message: `tag ${tag}` }
        },
        url,
      },
      { allowedHosts: [new URL(url).host], cacheFolder, git: program },
    )
  }
  const clone = join(folder, 'clone')
  const full = await seconds(() =>
    git(
      folder,
      '-c',
      `http.extraHeader=Authorization: ${basicHeader()}`,
      'clone',
      '--quiet',
      '--bare',
      url,
      clone,
    ),
  )
  const first = await seconds(() => change('1'))
  const second = await seconds(() => change('2'))
  const kept = await kibibytes(cacheFolder)
  process.stdout.write(
    [
      `full clone        ${full.toFixed(2)} s  ${await kibibytes(clone)} KiB`,
      `first change      ${first.toFixed(2)} s  ratio ${(full / first).toFixed(1)}`,
      `next change       ${second.toFixed(2)} s  ratio ${(full / second).toFixed(1)}, ${kept} KiB kept`,
      '',
    ].join('\n'),
  )
} finally {
  await rm(folder, { force: true, recursive: true })
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function kibibytes(root: string): Promise<number> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  )
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024)
}
