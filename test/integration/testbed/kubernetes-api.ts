import { readFile } from 'node:fs/promises'
import { Agent, request } from 'undici'
import type { KubernetesAddress } from './addresses.ts'

interface ApiAnswer {
  readonly status: number
  /** What was sent, parsed where it is JSON. */
  readonly body: unknown
}

/** The API server by raw HTTP as a user who may do everything: to prepare and to check, never what is tested. */
export interface AdminApi {
  send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<ApiAnswer>
  close(): Promise<void>
}

export async function openAdminApi(
  address: Pick<KubernetesAddress, 'server' | 'caFile' | 'adminCertificateFile' | 'adminKeyFile'>,
): Promise<AdminApi> {
  const [ca, cert, key] = await Promise.all(
    [address.caFile, address.adminCertificateFile, address.adminKeyFile].map((file) =>
      readFile(file, 'utf8'),
    ),
  )
  const dispatcher = new Agent({ connect: { ca, cert, key } as { ca: string; cert: string; key: string } })
  return {
    async send(method, path, body, contentType = 'application/json') {
      const answer = await request(new URL(path, address.server), {
        method,
        dispatcher,
        headers: body === undefined ? {} : { 'content-type': contentType },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.body.text()
      const isJson = String(answer.headers['content-type']).startsWith('application/json')
      return { status: answer.statusCode, body: isJson ? (JSON.parse(text) as unknown) : text }
    },
    close: () => dispatcher.close(),
  }
}
