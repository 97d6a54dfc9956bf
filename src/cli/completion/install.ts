import { delimiter, resolve } from 'node:path'
import { installShim, pluginFolder, uninstallShim } from './shim.ts'

/** Puts kubectl's way to our completion on PATH. @returns what was done and what is still needed, for people */
export async function installCompletion(dir: string | undefined): Promise<string> {
  const path = process.env['PATH'] ?? ''
  const folder = resolve(dir ?? (await pluginFolder(path)))
  const { file, isNew } = await installShim(folder)
  const onPath = path.split(delimiter).some((one) => one !== '' && resolve(one) === folder)
  return [
    `${isNew ? 'Wrote' : 'Wrote again'} ${file}`,
    ...(onPath ? [] : [`${folder} is not on PATH: add it, or kubectl does not find the file`]),
    "Needed too: kubectl 1.26 or newer, and kubectl's own completion in your shell (kubectl completion --help)",
    '',
  ].join('\n')
}

export async function uninstallCompletion(dir: string | undefined): Promise<string> {
  const folder = resolve(dir ?? (await pluginFolder(process.env['PATH'] ?? '')))
  const file = await uninstallShim(folder)
  return file === undefined ? `Nothing to remove in ${folder}\n` : `Removed ${file}\n`
}
