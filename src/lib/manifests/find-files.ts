import { readdir, realpath, stat } from 'node:fs/promises'
import nodePath from 'node:path'
import { ManifestError } from './manifest-error.ts'
import { cannot } from './manifest-file.ts'

/** A file that is to be read. */
export interface FoundFile {
  /** As the person would name it: the folder as it was named, then the way down. */
  readonly name: string
  /** Where it really is, links followed. */
  readonly path: string
  /** The folder, links followed, that a write has to stay in. */
  readonly root: string
  /** Whether it was named itself, not only the folder it is in. */
  readonly named: boolean
}

const EXTENSIONS = ['.json', '.yaml', '.yml']
const STANDARD_INPUT = '-'

/**
 * The files that `-f` names: a file, or those of a folder that end in .json, .yaml or .yml, with `recursive`
 * also in the folders below, in the order of their names. Each once. `-` is left out.
 *
 * @throws ManifestError when one does not exist or is no file on this machine
 */
export async function findFiles(names: readonly string[], recursive: boolean): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>()
  for (const name of names) {
    if (name === STANDARD_INPUT) continue
    if (/^https?:\/\//.test(name)) {
      throw new ManifestError(`${name} is no file on this machine`, 'Download it, and name the file')
    }
    for (const file of await filesOf(name, recursive)) {
      if (!found.has(file.path)) found.set(file.path, file)
    }
  }
  return [...found.values()]
}

/** Whether a path is inside a folder, or is the folder. */
export function isInside(
  folder: string,
  path: string,
  { isAbsolute, relative, sep }: Pick<typeof nodePath, 'isAbsolute' | 'relative' | 'sep'> = nodePath,
): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

async function filesOf(name: string, recursive: boolean): Promise<FoundFile[]> {
  try {
    const path = await realpath(name)
    if ((await stat(path)).isDirectory()) return await filesIn(name, path, path, recursive)
    return [{ name, named: true, path, root: await realpath(nodePath.dirname(name)) }]
  } catch (error) {
    throw error instanceof ManifestError ? error : cannot('read', name, error)
  }
}

async function filesIn(name: string, folder: string, root: string, recursive: boolean): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files: FoundFile[] = []
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = nodePath.join(folder, entry.name)
    const shown = nodePath.join(name, entry.name)
    // As kubectl, links to folders are not followed: they can lead round in circles.
    if (entry.isDirectory()) {
      if (recursive) files.push(...(await filesIn(shown, place, root, recursive)))
    } else if (EXTENSIONS.includes(nodePath.extname(entry.name))) {
      const path = await realpath(place).catch(() => place)
      if (entry.isFile() || (await stat(path).catch(() => undefined))?.isFile()) {
        files.push({ name: shown, named: false, path, root })
      }
    }
  }
  return files
}
