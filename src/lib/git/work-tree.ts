import { BlobReader } from './blob-reader.ts'
import type { Clone } from './clone.ts'
import { GitError } from './git-error.ts'
import { checkTreePath } from './tree-path.ts'

/** One name in a folder of a repository. */
export interface TreeEntry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'symlink' | 'submodule'
}

/** The files of one commit, and what is to become of them. Nothing of it is on disk. */
export interface WorkTree {
  /** The commit that it shows. */
  readonly commit: string
  /**
   * The text of a file, with what was written to it; undefined when there is none.
   *
   * @throws GitError for a path that leaves the repository, a symlink, something in a submodule, a pointer of Git LFS,
   * a file over 1 MiB or one that is not UTF-8
   */
  read(path: string): Promise<string | undefined>
  /** Changes or makes a file. @throws GitError for the same paths */
  write(path: string, text: string): Promise<void>
  /** What a folder holds, by name; empty when there is none. '' is the root. @throws GitError */
  list(folder: string): Promise<TreeEntry[]>
}

/** A file that differs from the commit. */
export interface ChangedFile {
  readonly path: string
  /** git's: `100644` or `100755`. */
  readonly mode: string
  readonly text: string
}

interface Entry {
  readonly mode: string
  readonly object: string
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = {
  '040000': 'folder',
  '120000': 'symlink',
  '160000': 'submodule',
}
const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

/** The work tree of a fetched commit. */
export class CommitTree implements WorkTree {
  readonly commit: string
  readonly #clone: Clone
  readonly #blobs: BlobReader
  #entries: Promise<ReadonlyMap<string, Entry>> | undefined
  readonly #before = new Map<string, Promise<string>>()
  readonly #written = new Map<string, string>()

  constructor(clone: Clone, commit: string) {
    this.#clone = clone
    this.#blobs = new BlobReader(clone)
    this.commit = commit
  }

  async read(path: string): Promise<string | undefined> {
    const { name, entry } = await this.#file(path)
    return this.#written.get(name) ?? (entry && (await this.#committed(name, entry)))
  }

  async write(path: string, text: string): Promise<void> {
    const { name, entry } = await this.#file(path)
    // Also what is overwritten whole must be a text: a pointer of LFS stands for something else.
    if (entry) await this.#committed(name, entry)
    this.#written.set(name, text)
  }

  async list(folder: string): Promise<TreeEntry[]> {
    const { name, entry } = await this.#place(folder)
    if (entry && KINDS[entry.mode] !== 'folder') throw this.#refused('path', name, 'is not a folder')
    const prefix = name === '' ? '' : `${name}/`
    const kinds = new Map<string, TreeEntry['kind']>()
    for (const [path, { mode }] of await this.#all()) {
      const rest = path.startsWith(prefix) ? path.slice(prefix.length) : ''
      if (rest !== '' && !rest.includes('/')) kinds.set(rest, KINDS[mode] ?? 'file')
    }
    for (const path of this.#written.keys()) {
      const [first, ...more] = path.startsWith(prefix) ? path.slice(prefix.length).split('/') : []
      if (first !== undefined && !kinds.has(first)) kinds.set(first, more.length > 0 ? 'folder' : 'file')
    }
    return [...kinds].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** The files that differ, by path. */
  async changes(): Promise<ChangedFile[]> {
    const changed: ChangedFile[] = []
    for (const [path, text] of [...this.#written].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const entry = (await this.#all()).get(path)
      if (entry && (await this.#committed(path, entry)) === text) continue
      changed.push({ path, mode: entry?.mode ?? '100644', text })
    }
    return changed
  }

  async #file(path: string): Promise<{ name: string; entry: Entry | undefined }> {
    const { name, entry } = await this.#place(path)
    if (name === '') throw this.#refused('path', path, 'is the root of the repository')
    if (entry && KINDS[entry.mode] === 'folder') throw this.#refused('path', name, 'is a folder')
    return { name, entry }
  }

  /** Finds a path without following anything. */
  async #place(path: string): Promise<{ name: string; entry: Entry | undefined }> {
    const name = checkTreePath(path)
    const entries = await this.#all()
    const parts = name.split('/')
    for (let length = 1; length <= parts.length; length++) {
      const place = parts.slice(0, length).join('/')
      const entry = entries.get(place)
      const kind = entry && (KINDS[entry.mode] ?? 'file')
      if (kind === 'symlink') {
        throw this.#refused(
          'symlink',
          place,
          'is a symbolic link, which is not followed',
          'Name the file itself',
        )
      }
      if (kind === 'submodule') {
        throw this.#refused(
          'submodule',
          place,
          'is a submodule, another repository',
          'Name that one with git-repository',
        )
      }
      if (kind === 'file' && length < parts.length)
        throw this.#refused('path', place, 'is a file, not a folder')
    }
    return { name, entry: entries.get(name) }
  }

  #all(): Promise<ReadonlyMap<string, Entry>> {
    this.#entries ??= this.#listed()
    return this.#entries
  }

  async #listed(): Promise<Map<string, Entry>> {
    const { output } = await this.#clone.run('list the files', ['ls-tree', '-r', '-t', '-z', this.commit])
    const entries = new Map<string, Entry>()
    for (const line of output.toString().split('\0')) {
      const tab = line.indexOf('\t')
      const [mode = '', , object = ''] = line.slice(0, tab).split(' ')
      if (tab > 0) entries.set(line.slice(tab + 1), { mode, object })
    }
    return entries
  }

  #committed(name: string, entry: Entry): Promise<string> {
    const known = this.#before.get(name) ?? this.#load(name, entry)
    this.#before.set(name, known)
    return known
  }

  async #load(name: string, { object }: Entry): Promise<string> {
    const text = await this.#blobs.read(object, `${name} in ${this.#clone.url}`)
    if (!text.startsWith(LFS_POINTER)) return text
    const remedy = 'Take it out of Git LFS: it is a small text'
    throw this.#refused('lfs', name, 'is kept in Git LFS, here is only a pointer to it', remedy)
  }

  #refused(
    kind: 'path' | 'symlink' | 'submodule' | 'lfs',
    name: string,
    why: string,
    remedy?: string,
  ): GitError {
    return new GitError(kind, `${JSON.stringify(name)} in ${this.#clone.url} ${why}`, remedy)
  }
}
