import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessIdentity, type GitAccess } from './access.ts'
import { cloneName, cloneRoot, markUsed, pruneClones } from './clone-cache.ts'
import { takeLock } from './clone-lock.ts'
import { GitError } from './git-error.ts'
import type { Remote } from './remote.ts'
import { type GitOutput, type GitProgram, type GitRun, runGit } from './run-git.ts'

/** Files larger than this are neither fetched nor read: none that a person edits is. Bytes. */
export const LARGEST_FILE = 1024 * 1024
/** Each fetch leaves a pack behind; with so many, cloning anew is cheaper than tidying up. */
const MOST_PACKS = 50
/** Names in a clone under which the tips of branches are kept. */
const TIPS = 'refs/tips/'

export interface CloneOptions {
  readonly git: GitProgram
  readonly remote: Remote
  readonly access: GitAccess
  /** The program's cache folder; the clones are below it. */
  readonly cacheFolder: string
  readonly signal?: AbortSignal | undefined
}

/** What a server says of its branches. */
export interface RemoteHeads {
  /** The branch that HEAD means; '' when it means none. */
  readonly defaultBranch: string
  /** Commit by branch, for the default branch and for those that were asked for and exist. */
  readonly tips: ReadonlyMap<string, string>
}

/**
 * A cached clone that this process alone uses until it is disposed of. It has no files of the repository on disk, only
 * git's own objects: no path or link in it can lead anywhere, and no hook, filter or submodule comes to life.
 */
export class Clone implements AsyncDisposable {
  readonly gitDir: string
  readonly url: string
  readonly #git: GitProgram
  readonly #remote: Remote
  readonly #lock: AsyncDisposable
  readonly #signal: AbortSignal | undefined

  /** @internal by {@link openClone} */
  constructor(gitDir: string, { git, remote, signal }: CloneOptions, lock: AsyncDisposable) {
    this.gitDir = gitDir
    this.url = remote.url.href
    this.#git = git
    this.#remote = remote
    this.#lock = lock
    this.#signal = signal
  }

  /** Runs a command on the clone alone. */
  run(what: string, args: readonly string[], more: Partial<GitRun> = {}): Promise<GitOutput> {
    const { gitDir } = this
    return runGit(this.#git, { ...more, gitDir, args, what: `${what} of ${this.url}`, signal: this.#signal })
  }

  /** Runs a command that talks to the server. */
  runRemote(
    what: string,
    args: readonly string[],
    more: { answers?: readonly number[] } = {},
  ): Promise<GitOutput> {
    const { gitDir } = this
    return this.#remote.run({ ...more, gitDir, args, what: `${what} of ${this.url}`, signal: this.#signal })
  }

  /** Asks the server for its default branch and for the tips of the given branches, in one request. */
  async heads(branches: readonly string[]): Promise<RemoteHeads> {
    const names = new Map(branches.map((branch) => [`refs/heads/${branch}`, branch]))
    const args = ['ls-remote', '--symref', '--end-of-options', 'origin', 'HEAD', ...names.keys()]
    const { output } = await this.runRemote('read the branches', args)
    let defaultBranch = ''
    const tips = new Map<string, string>()
    for (const line of output.toString().split('\n')) {
      const [value = '', name = ''] = line.split('\t')
      if (name === 'HEAD' && value.startsWith('ref: refs/heads/')) defaultBranch = value.slice(16)
      else if (name === 'HEAD' && defaultBranch !== '') tips.set(defaultBranch, value)
      const branch = names.get(name)
      if (branch !== undefined) tips.set(branch, value)
    }
    return { defaultBranch, tips }
  }

  /**
   * Fetches what the clone does not have yet of these branches, with so many commits of their history. Small files
   * come along where the server knows filters, large ones never do.
   */
  async fetch(tips: ReadonlyMap<string, string>, depth: number): Promise<void> {
    const have = depth === 1 ? await this.#tips() : new Map<string, string>()
    const missing = [...tips].filter(([branch, tip]) => have.get(branch) !== tip).map(([branch]) => branch)
    if (missing.length === 0) return
    const wanted = missing.map((branch) => `+refs/heads/${branch}:${TIPS}${branch}`)
    const options = [
      `--depth=${depth}`,
      `--filter=blob:limit=${LARGEST_FILE + 1}`,
      '--no-tags',
      '--no-write-fetch-head',
    ]
    await this.runRemote(`fetch ${missing.join(', ')}`, [
      'fetch',
      '--quiet',
      '--force',
      ...options,
      '--end-of-options',
      'origin',
      ...wanted,
    ])
  }

  /** The commit that was fetched last for a branch. */
  async tip(branch: string): Promise<string> {
    const tip = (await this.#tips()).get(branch)
    if (tip === undefined)
      throw new GitError('no-branch', `the branch ${branch} of ${this.url} was not fetched`)
    return tip
  }

  /** Notes that the server has this commit now. */
  async setTip(branch: string, commit: string): Promise<void> {
    await this.run('note the branch', ['update-ref', '--end-of-options', `${TIPS}${branch}`, commit])
  }

  /** Removes the clone, for one that is damaged; it is of no use afterwards. */
  async discard(): Promise<void> {
    await rm(this.gitDir, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock[Symbol.asyncDispose]()
  }

  async #tips(): Promise<Map<string, string>> {
    const { output } = await this.run('read the clone', [
      'for-each-ref',
      '--format=%(refname) %(objectname)',
      TIPS,
    ])
    const lines = output.toString().split('\n').filter(Boolean)
    return new Map(
      lines.map((line) => {
        const [name = '', commit = ''] = line.split(' ')
        return [name.slice(TIPS.length), commit]
      }),
    )
  }
}

/**
 * Opens the cached clone of a repository, or begins a new one; waits while another process uses it. What a killed
 * run has left in it (lock files, unfinished packs) is removed.
 *
 * @throws GitError
 */
export async function openClone(options: CloneOptions): Promise<Clone> {
  const { git, remote, access, cacheFolder, signal } = options
  const root = await cloneRoot(cacheFolder)
  const { href } = remote.url
  const name = cloneName(href, accessIdentity(access))
  const lock = await takeLock(join(root, `${name}.lock`), { what: `the cached clone of ${href}`, signal })
  try {
    const gitDir = join(root, `${name}.git`)
    if (!(await isUsable(gitDir))) await begin(git, gitDir, href)
    await removeLeftovers(gitDir)
    await markUsed(gitDir)
    await pruneClones(root, name)
    return new Clone(gitDir, options, lock)
  } catch (error) {
    await lock[Symbol.asyncDispose]()
    throw error
  }
}

async function isUsable(gitDir: string): Promise<boolean> {
  try {
    await Promise.all(['HEAD', 'config', 'objects', 'refs'].map((name) => stat(join(gitDir, name))))
    const packs = (await readdir(join(gitDir, 'objects', 'pack'))).filter((name) => name.endsWith('.pack'))
    return packs.length <= MOST_PACKS
  } catch {
    return false
  }
}

/** Makes an empty clone beside its place and moves it there whole. */
async function begin(git: GitProgram, gitDir: string, href: string): Promise<void> {
  const unfinished = `${gitDir}.unfinished`
  for (const folder of [unfinished, gitDir]) await rm(folder, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  // Whatever defaults this git has or will have.
  const format = [
    '-c',
    'init.defaultRefFormat=files',
    'init',
    '--quiet',
    '--bare',
    '--object-format=sha1',
    '--template=',
  ]
  await runGit(git, { args: [...format, unfinished], what: `begin a clone of ${href}` })
  const filter = `blob:limit=${LARGEST_FILE + 1}`
  const url = `"${href.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const config = [
    '[core]\n\trepositoryformatversion = 1\n\tbare = true\n\tlogAllRefUpdates = false',
    '[extensions]\n\tpartialClone = origin',
    `[remote "origin"]\n\turl = ${url}\n\tpromisor = true\n\tpartialCloneFilter = ${filter}\n\ttagOpt = --no-tags`,
  ]
  await writeFile(join(unfinished, 'config'), `${config.join('\n')}\n`, { mode: 0o600 })
  await rename(unfinished, gitDir)
}

/** We hold the lock, so nobody of ours holds these. */
async function removeLeftovers(gitDir: string): Promise<void> {
  const names = await readdir(gitDir, { recursive: true })
  const left = names.filter((name) => /\.lock$|^index-[^\\/]+$|^objects[\\/].*tmp_[^\\/]+$/.test(name))
  for (const name of left) await rm(join(gitDir, name), { force: true, recursive: true })
}
