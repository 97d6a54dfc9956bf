import { readFile } from 'node:fs/promises'
import type { Credential, CredentialSource } from './credential.ts'
import { KubeconfigError } from './kubeconfig.ts'

/** How long a token read from a file is used before looking again (client-go: one minute). */
const FRESH_FOR = 60_000

/**
 * A bearer token from a file that something else rotates, such as a service account's. Read again every
 * minute and after a 401; when that fails, the last token that could be read stays in use.
 *
 * @param base certificate to send along, and the token to use if the file never could be read.
 */
export function tokenFileSource(
  file: string,
  base: Credential,
  now: () => number = Date.now,
): CredentialSource {
  let held = base
  let readAt = Number.NEGATIVE_INFINITY
  return {
    async current() {
      if (now() - readAt < FRESH_FOR) return held
      try {
        const token = (await readFile(file, 'utf8')).trim()
        if (token === '') throw new Error('it is empty')
        const authorization = `Bearer ${token}`
        if (authorization !== held.authorization) held = { ...base, authorization }
        readAt = now()
      } catch (error) {
        if (held.authorization === '') {
          throw new KubeconfigError(
            `token file ${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
            'Correct tokenFile in the kubeconfig, or pass --token',
            { cause: error },
          )
        }
      }
      return held
    },
    reject() {
      readAt = Number.NEGATIVE_INFINITY
      return true
    },
  }
}
