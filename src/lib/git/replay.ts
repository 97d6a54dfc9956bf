import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobReader } from './blob-reader.ts'
import type { Clone } from './clone.ts'
import { type CommitSettings, createCommit } from './commit.ts'
import { openPrivateFolder } from './private-folder.ts'
import { CommitTree } from './work-tree.ts'

/** A commit of a write branch that its base does not have. */
export interface BranchCommit {
  readonly commit: string
  readonly parents: readonly string[]
  readonly authorName: string
  readonly authorEmail: string
  /** `1700000000 +0100` */
  readonly authorDate: string
  readonly committerEmail: string
  readonly message: string
}

/** What a branch has that its base does not have, oldest first. */
export async function commitsSince(clone: Clone, base: string, tip: string): Promise<BranchCommit[]> {
  const format = '--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%ce%x00%B%x00%x01'
  const args = ['rev-list', '--reverse', '--topo-order', '--date=raw', format, tip, `^${base}`]
  const { output } = await clone.run('read the write branch', args)
  return (
    output
      .toString()
      .split('\x01')
      // Before each of them stands a line of git's own.
      .map((record) => record.replace(/^\s*commit [0-9a-f]+\n/, '').split('\0'))
      .filter((fields) => fields.length > 6)
      .map(
        ([
          commit = '',
          parents = '',
          authorName = '',
          authorEmail = '',
          authorDate = '',
          committerEmail = '',
          message = '',
        ]) => ({
          commit,
          parents: parents.split(' ').filter(Boolean),
          ...{ authorName, authorEmail, authorDate, committerEmail, message },
        }),
      )
  )
}

/** Whether all of `base` is in `tip`, as far as the fetched history tells. */
export async function contains(clone: Clone, tip: string, base: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', base, tip]
  return (await clone.run('compare the branches', args, { answers: [1] })).code === 0
}

/**
 * Makes commits anew on top of another one; one that changes nothing there any more is left out.
 *
 * @returns the last of them; undefined when one does not apply
 */
export async function replay(
  clone: Clone,
  commits: readonly BranchCommit[],
  onto: string,
  settings: CommitSettings,
): Promise<string | undefined> {
  let tip = onto
  for (const commit of commits) {
    const tree = new CommitTree(clone, tip)
    if (!(await apply(clone, commit, tree))) return undefined
    const files = await tree.changes()
    if (files.length === 0) continue
    const { message, authorDate } = commit
    const author = { name: commit.authorName, email: commit.authorEmail }
    // Signed off it is already, if it ever was.
    tip = await createCommit(
      clone,
      { parent: tip, files, message, author, authorDate },
      { ...settings, signOff: false },
    )
  }
  return tip
}

/** Repeats the changes of a commit, merging line by line where the file has changed meanwhile; false in a conflict. */
async function apply(clone: Clone, { commit, parents }: BranchCommit, tree: CommitTree): Promise<boolean> {
  const [parent = ''] = parents
  const args = ['diff-tree', '-r', '-z', '--no-renames', parent, commit]
  const { output } = await clone.run('read a commit', args)
  const blobs = new BlobReader(clone)
  const fields = output.toString().split('\0')
  for (let position = 0; position + 1 < fields.length; position += 2) {
    const path = fields[position + 1] ?? ''
    const [, , before = '', after = '', status] = (fields[position] ?? '').split(' ')
    // This tool neither deletes files nor changes what they are.
    if (status !== 'M' && status !== 'A') return false
    const theirs = await blobs.read(after, path)
    const ours = await tree.read(path)
    const base = status === 'A' ? '' : await blobs.read(before, path)
    const merged =
      ours === undefined || ours === base || ours === theirs ? theirs : await merge(clone, ours, base, theirs)
    // What the base has removed must not come back.
    if (merged === undefined || (ours === undefined && status === 'M')) return false
    await tree.write(path, merged)
  }
  return true
}

async function merge(clone: Clone, ...texts: readonly string[]): Promise<string | undefined> {
  await using folder = await openPrivateFolder()
  const files = ['ours', 'base', 'theirs'].map((name) => join(folder.path, name))
  await Promise.all(files.map((file, position) => writeFile(file, texts[position] ?? '', { mode: 0o600 })))
  // The exit code is the number of conflicts.
  const answers = Array.from({ length: 127 }, (_, index) => index + 1)
  const { code, output } = await clone.run('merge a file', ['merge-file', '--stdout', '--quiet', ...files], {
    answers,
  })
  return code === 0 ? output.toString() : undefined
}
