import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clone } from './clone.ts'
import { GitError } from './git-error.ts'
import { openPrivateFolder } from './private-folder.ts'
import type { ChangedFile } from './work-tree.ts'

/** Who is named in a commit. */
export interface GitPerson {
  readonly name: string
  readonly email: string
}

/** How commits are made; what is left out is as the operator's own git has it. */
export interface CommitSettings {
  readonly committer?: GitPerson
  readonly signOff?: boolean
  /** `false`: never. Without `key`, user.signingKey. */
  readonly sign?: false | { readonly key?: string; readonly format?: 'openpgp' | 'ssh' | 'x509' }
}

export interface NewCommit {
  readonly parent: string
  readonly files: readonly ChangedFile[]
  readonly message: string
  readonly author?: GitPerson
  /** git's own form, `1700000000 +0100`; default now. */
  readonly authorDate?: string
}

/**
 * Makes a commit of exactly these files on top of its parent, without a checkout.
 *
 * @returns the commit
 * @throws GitError of kind `identity` when nobody is named, `signing`, `disk`
 */
export async function createCommit(
  clone: Clone,
  commit: NewCommit,
  settings: CommitSettings,
): Promise<string> {
  const env = personEnvironment(commit, settings)
  const message = await finishedMessage(clone, commit.message, settings, env)
  const tree = await writeTree(clone, commit.parent, commit.files)
  const args = [...(await signingOptions(clone, settings)), tree, '-p', commit.parent, '-F', '-']
  const format = settings.sign ? settings.sign.format : undefined
  const command = [...(format ? ['-c', `gpg.format=${format}`] : []), 'commit-tree', ...args]
  // Long enough for a passphrase or a touch of a key.
  const run = { input: message, env, agents: true, timeout: 300_000 }
  const { output } = await clone.run('commit to a clone', command, run)
  return output.toString().trim()
}

/** Writes the files as objects and a tree with them in their places. */
export async function writeTree(
  clone: Clone,
  parent: string,
  files: readonly ChangedFile[],
): Promise<string> {
  const objects = await writeObjects(clone, files)
  const index = join(clone.gitDir, `index-${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    await clone.run('read the files', ['read-tree', parent], { env })
    const lines = files.map(({ mode, path }, position) => `${mode} ${objects[position]}\t${path}\0`).join('')
    await clone.run('stage the files', ['update-index', '-z', '--index-info'], { env, input: lines })
    // Large files were left out by the filter of the fetch; they stay as they are.
    const { output } = await clone.run('write the files', ['write-tree', '--missing-ok'], { env })
    return output.toString().trim()
  } finally {
    await rm(index, { force: true })
  }
}

async function writeObjects(clone: Clone, files: readonly ChangedFile[]): Promise<string[]> {
  await using folder = await openPrivateFolder()
  const names = files.map((_, position) => join(folder.path, String(position)))
  await Promise.all(
    files.map(({ text }, position) => writeFile(names[position] ?? '', text, { mode: 0o600 })),
  )
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths']
  const { output } = await clone.run('write the files', args, {
    input: names.map((name) => `${name}\n`).join(''),
  })
  return output.toString().trim().split('\n')
}

function personEnvironment(commit: NewCommit, { committer }: CommitSettings): Record<string, string> {
  const author = commit.author ?? committer
  return {
    ...(author && { GIT_AUTHOR_NAME: plain(author.name), GIT_AUTHOR_EMAIL: plain(author.email) }),
    ...(committer && {
      GIT_COMMITTER_NAME: plain(committer.name),
      GIT_COMMITTER_EMAIL: plain(committer.email),
    }),
    ...(commit.authorDate ? { GIT_AUTHOR_DATE: commit.authorDate } : {}),
  }
}

function plain(text: string): string {
  if (text !== '' && !/[\p{Cc}<>]/u.test(text)) return text
  throw new GitError(
    'identity',
    `${JSON.stringify(text)} cannot stand in a commit`,
    'Give a name and an address',
  )
}

/** The message without control characters, with its sign-off where wanted. */
async function finishedMessage(
  clone: Clone,
  message: string,
  { signOff = false }: CommitSettings,
  env: Record<string, string>,
): Promise<string> {
  const text = message
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trimEnd()
  if (text.trim() === '')
    throw new GitError('failed', `the commit to ${clone.url} has no message`, 'Give a template')
  if (!signOff) return `${text}\n`
  const { output } = await clone.run('name the committer', ['var', 'GIT_COMMITTER_IDENT'], { env })
  const line = `Signed-off-by: ${output.toString().replace(/ \d+ [+-]\d+\s*$/, '')}`
  const last = text.split('\n').at(-1) ?? ''
  if (text.split('\n').includes(line)) return `${text}\n`
  const endsInTrailers = text.includes('\n') && /^[A-Za-z0-9-]+: \S/.test(last)
  return `${text}\n${endsInTrailers ? '' : '\n'}${line}\n`
}

/** commit-tree alone does not heed commit.gpgSign. */
async function signingOptions(clone: Clone, { sign }: CommitSettings): Promise<string[]> {
  if (sign === false) return []
  if (sign) return [`-S${sign.key ?? ''}`]
  const args = ['config', '--type=bool', '--get', 'commit.gpgSign']
  const { output } = await clone.run('read how commits are signed', args, { answers: [1] })
  return output.toString().trim() === 'true' ? ['-S'] : []
}
