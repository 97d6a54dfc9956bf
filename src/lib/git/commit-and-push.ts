import { setTimeout as delay } from 'node:timers/promises'
import type { GitAccess } from './access.ts'
import { type BaseChoice, chooseBase, namedBranches } from './branches.ts'
import { type Clone, openClone } from './clone.ts'
import { type CommitSettings, createCommit, type GitPerson, writeTree } from './commit.ts'
import { diskFailure } from './failure.ts'
import { GitError } from './git-error.ts'
import { leavingCleanly } from './leave-cleanly.ts'
import { pushBranch } from './push.ts'
import { checkBranchName } from './ref-name.ts'
import { openRemote } from './remote.ts'
import { type BranchCommit, commitsSince, contains, replay } from './replay.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { GitProgram } from './run-git.ts'
import { checkRepositoryHost } from './url-policy.ts'
import { type ChangedFile, CommitTree, type WorkTree } from './work-tree.ts'

/** A branch of the tool's own that changes are written to instead of the base. */
export interface WriteBranch {
  readonly branch: string
  /**
   * Whether this tool made a commit. When the base has moved, a write branch of nothing but such commits is made anew
   * on top of it; any other is only ever added to.
   */
  readonly isOwn: (commit: BranchCommit) => boolean
}

/** What is to be committed; 'nothing' when there is no need. */
export type Edit = { readonly message: string; readonly author?: GitPerson } | 'nothing'

/** A change of one branch of one repository. */
export interface RepositoryChange extends BaseChoice {
  readonly url: string
  readonly access: GitAccess
  readonly write?: WriteBranch
  /** Makes the changes. Called again on the new files when the branch has moved meanwhile. */
  readonly edit: (tree: WorkTree) => Promise<Edit>
  readonly commit?: CommitSettings
  /** How often a rejected push is tried again; default 10. */
  readonly retries?: number
  /** Only makes the diff and the message. */
  readonly dryRun?: boolean
}

export interface ChangeOptions {
  readonly git: GitProgram
  /** The program's cache folder. */
  readonly cacheFolder: string
  /** Hosts the operator vouches for: see {@link checkRepositoryHost}. */
  readonly allowedHosts?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

export interface ChangeResult {
  /** The new commit; absent when nothing changed and in a dry run. */
  readonly commit?: string
  /** The branch that was written, or would have been. */
  readonly branch: string
  readonly base: string
  /** Whether the branch has, or would have, something that the base has not: a pull request has something to show. */
  readonly ahead: boolean
  readonly pushed: boolean
  /** How often the edits were made. */
  readonly attempts: number
  /** Paths of the changed files. */
  readonly files: readonly string[]
  /** In a dry run: the unified diff, '' when nothing changes. Raw. */
  readonly diff?: string
  /** In a dry run: the message of the commit, '' when nothing changes. Raw. */
  readonly message?: string
}

/** Commits of a write branch that are looked at; one with more is only added to. */
const WRITE_HISTORY = 50
/** Milliseconds before the first repetition; each further one waits up to twice as long, at most 2 s. */
const FIRST_DELAY = 50

/**
 * Commits edits to a repository and pushes them: a cached clone, the edits on the newest files, one commit, and, where
 * somebody else was faster, the same again on top of theirs. Nothing is overwritten but the tool's own write branch.
 *
 * @throws GitError; the repository is then unchanged
 */
export async function commitAndPush(change: RepositoryChange, options: ChangeOptions): Promise<ChangeResult> {
  try {
    return await leavingCleanly(() => inClone(change, options))
  } catch (error) {
    throw diskFailure(error, change.url) ?? error
  }
}

async function inClone(change: RepositoryChange, options: ChangeOptions): Promise<ChangeResult> {
  const { access } = change
  const { git, cacheFolder, allowedHosts = [], signal } = options
  const url = parseRepositoryUrl(change.url)
  checkRepositoryHost(url, allowedHosts)
  if (change.write) checkBranchName(change.write.branch)
  namedBranches(change)
  await using remote = await openRemote(git, url, access)
  const open = () => openClone({ git, remote, access, cacheFolder, signal })
  try {
    await using clone = await open()
    return await attemptUntilPushed(clone, change, signal).catch(async (error: unknown) => {
      if (isDamage(error)) await clone.discard()
      throw error
    })
  } catch (error) {
    if (!isDamage(error)) throw error
    await using clone = await open()
    return await attemptUntilPushed(clone, change, signal)
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof GitError && (error.kind === 'damaged' || error.kind === 'missing-object')
}

async function attemptUntilPushed(
  clone: Clone,
  change: RepositoryChange,
  signal: AbortSignal | undefined,
): Promise<ChangeResult> {
  const { retries = 10 } = change
  for (let attempt = 1; ; attempt++) {
    try {
      return { ...(await attemptOnce(clone, change)), attempts: attempt }
    } catch (error) {
      if (!(error instanceof GitError && error.kind === 'rejected')) throw error
      if (attempt > retries) {
        throw new GitError('rejected', `${error.message}, ${attempt} times in a row`, 'Try again later', {
          cause: error,
        })
      }
      const longest = Math.min(2000, FIRST_DELAY * 2 ** attempt)
      await delay(longest * (0.5 + Math.random() / 2), undefined, signal ? { signal } : {}).catch((cause) => {
        throw new GitError('interrupted', `the next push to ${clone.url} was interrupted`, '', { cause })
      })
    }
  }
}

async function attemptOnce(clone: Clone, change: RepositoryChange): Promise<Omit<ChangeResult, 'attempts'>> {
  const { edit, commit: settings = {}, dryRun = false } = change
  const { base, baseTip, branch, start, replaces } = await prepare(clone, change, settings)
  const tree = new CommitTree(clone, start)
  const wanted = await edit(tree)
  const files = wanted === 'nothing' ? [] : await tree.changes()
  const paths = files.map(({ path }) => path)
  const ahead = branch !== base && (start !== baseTip || files.length > 0)
  if (dryRun) {
    if (wanted === 'nothing' || files.length === 0)
      return { ahead, branch, base, pushed: false, files: [], diff: '', message: '' }
    const diff = await diffOf(clone, start, files)
    return { ahead, branch, base, pushed: false, files: paths, diff, message: wanted.message }
  }
  if (wanted === 'nothing' || files.length === 0) {
    if (replaces !== undefined) await pushBranch(clone, { branch, commit: start, replaces })
    return { ahead, branch, base, pushed: replaces !== undefined, files: [] }
  }
  const commit = await createCommit(clone, { ...wanted, parent: start, files }, settings)
  await pushBranch(clone, { branch, commit, ...(replaces === undefined ? {} : { replaces }) })
  return { ahead, commit, branch, base, pushed: true, files: paths }
}

interface Preparation {
  readonly base: string
  readonly baseTip: string
  readonly branch: string
  /** The commit that the new one goes on top of. */
  readonly start: string
  /** The tip of the write branch when it is to be replaced. */
  readonly replaces?: string
}

async function prepare(
  clone: Clone,
  change: RepositoryChange,
  settings: CommitSettings,
): Promise<Preparation> {
  const { write } = change
  const asked = [...namedBranches(change), ...(write ? [write.branch] : [])]
  const heads = await clone.heads(asked)
  const base = chooseBase(change, heads, clone.url)
  const tips = new Map([...heads.tips].filter(([branch]) => branch === base || branch === write?.branch))
  const stacked = write !== undefined && write.branch !== base && tips.has(write.branch)
  await clone.fetch(tips, stacked ? WRITE_HISTORY : 1)
  const baseTip = await clone.tip(base)
  if (write === undefined || write.branch === base) return { base, baseTip, branch: base, start: baseTip }
  const { branch } = write
  if (!stacked) return { base, baseTip, branch, start: baseTip }
  const tip = await clone.tip(branch)
  if (await contains(clone, tip, baseTip)) return { base, baseTip, branch, start: tip }
  if (await contains(clone, baseTip, tip)) return { base, baseTip, branch, start: baseTip }
  const commits = await commitsSince(clone, baseTip, tip)
  const own =
    commits.length < WRITE_HISTORY && commits.every((each) => each.parents.length === 1 && write.isOwn(each))
  const start = own ? await replay(clone, commits, baseTip, settings) : undefined
  return start === undefined
    ? { base, baseTip, branch, start: tip }
    : { base, baseTip, branch, start, replaces: tip }
}

async function diffOf(clone: Clone, start: string, files: readonly ChangedFile[]): Promise<string> {
  const tree = await writeTree(clone, start, files)
  const options = ['-r', '-p', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--full-index']
  const { output } = await clone.run('show the changes', ['diff-tree', ...options, start, tree])
  return output.toString()
}
