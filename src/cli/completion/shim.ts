import { constants } from 'node:fs'
import { access, chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { UserError } from '../../lib/errors.ts'
import { BINARY } from './scripts.ts'

/** The program that kubectl 1.26 and newer asks what could stand after `kubectl image-updater`. */
const SHIM = 'kubectl_complete-image_updater'
const MARK = 'written by kubectl image-updater completion install'

export class CompletionShimError extends UserError {}

interface ShimFile {
  readonly name: string
  readonly text: string
}

/** kubectl starts it without a shell: on Windows the .cmd ending is what PATHEXT lets it find. */
function shimFile(platform: NodeJS.Platform): ShimFile {
  return platform === 'win32'
    ? { name: `${SHIM}.cmd`, text: `@rem ${MARK}\r\n@${BINARY} __complete %*\r\n` }
    : { name: SHIM, text: `#!/bin/sh\n# ${MARK}\nexec ${BINARY} __complete "$@"\n` }
}

/** @returns the file, and whether it is new. @throws CompletionShimError where the file is not ours, or cannot be written */
export async function installShim(
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<{ readonly file: string; readonly isNew: boolean }> {
  const { name, text } = shimFile(platform)
  const file = join(folder, name)
  const isNew = await isAbsent(file)
  try {
    // Exclusive where nothing was there: a link or file that came in between is not followed.
    await writeFile(file, text, { flag: isNew ? 'wx' : 'w', mode: 0o755 })
    await chmod(file, 0o755)
  } catch (error) {
    throw new CompletionShimError(
      `${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? error}`,
      'Name another folder of your PATH with --dir',
      { cause: error },
    )
  }
  return { file, isNew }
}

/** @returns the file, undefined where there was none. @throws CompletionShimError where it is not ours */
export async function uninstallShim(
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const file = join(folder, shimFile(platform).name)
  if (await isAbsent(file)) return undefined
  await rm(file)
  return file
}

/** The first folder of PATH with the plugin in it. @throws CompletionShimError where there is none */
export async function pluginFolder(
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  const names = platform === 'win32' ? [`${BINARY}.exe`, `${BINARY}.cmd`] : [BINARY]
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) {
      if (await may(join(folder, name), constants.X_OK)) return folder
    }
  }
  throw new CompletionShimError(
    `${BINARY} is in no folder of PATH`,
    'Add its folder to PATH, or name a folder of PATH with --dir',
  )
}

/** @throws CompletionShimError where somebody else's file is there */
async function isAbsent(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new CompletionShimError(
      `${file} cannot be read: ${error.code}`,
      'Look at it, or name a folder with --dir',
    )
  })
  if (text === undefined || text.includes(MARK)) return text === undefined
  throw new CompletionShimError(
    `${file} is not a file of this plugin, so it was left as it is`,
    'Remove it yourself, or name another folder of your PATH with --dir',
  )
}

function may(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  )
}
