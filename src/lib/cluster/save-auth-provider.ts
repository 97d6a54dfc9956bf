import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { isMap, isSeq, parseDocument } from 'yaml'
import { KubeconfigError } from './kubeconfig.ts'

/**
 * Writes settings of a user's auth-provider into the kubeconfig they came from, leaving everything else in
 * the file as it is. The file is replaced in one step, under the lock file that kubectl uses.
 *
 * @throws KubeconfigError when that cannot be done: the renewed tokens would be lost.
 */
export async function saveAuthProvider(
  file: string,
  userName: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const lock = `${file}.lock`
  try {
    await (await open(lock, 'wx', 0)).close()
    try {
      await replaceSettings(await realpath(file), userName, settings)
    } finally {
      await rm(lock, { force: true })
    }
  } catch (error) {
    throw new KubeconfigError(
      `renewed tokens of user "${userName}" cannot be written to kubeconfig ${file}: ${error instanceof Error ? error.message : String(error)}`,
      `Make the file writable, and remove ${lock} if no kubectl is running`,
      { cause: error },
    )
  }
}

async function replaceSettings(
  file: string,
  userName: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'))
  const users = document.get('users')
  const index = isSeq(users)
    ? users.items.findIndex((item) => isMap(item) && item.get('name') === userName)
    : -1
  if (index < 0) throw new Error('the user is no longer in it')
  for (const [name, value] of Object.entries(settings)) {
    document.setIn(['users', index, 'user', 'auth-provider', 'config', name], value)
  }
  const next = `${file}.${process.pid}.new`
  try {
    await writeFile(next, document.toString({ lineWidth: 0 }), { mode: (await stat(file)).mode, flag: 'wx' })
    await rename(next, file)
  } finally {
    await rm(next, { force: true })
  }
}
