import { readFile } from 'node:fs/promises'
import { KubeconfigError } from './kubeconfig.ts'

/**
 * PEM text of a kubeconfig's field pair: inline base64 wins over the file, as in client-go; '' when
 * there is neither.
 *
 * @throws KubeconfigError when the file cannot be read.
 */
export async function pem(data: string, file: string, field: string): Promise<string> {
  if (data !== '') return Buffer.from(data, 'base64').toString('utf8')
  if (file === '') return ''
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new KubeconfigError(
      `${field} ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Correct the path in the kubeconfig or the flag',
      { cause: error },
    )
  }
}
