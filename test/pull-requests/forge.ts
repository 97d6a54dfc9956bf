import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Files, type GitServer, startGitServer } from '../git/server.ts'
import { gitea } from './gitea-double.ts'
import type { ServiceDouble } from './service-double.ts'
import { startDouble } from './start-double.ts'

/** A Gitea on loopback with one repository: git and the API are at one address, as they are in real life. */
export interface Forge {
  readonly origin: string
  /** `127.0.0.1:port` */
  readonly host: string
  readonly url: string
  /** The bare repository. */
  readonly folder: string
  readonly api: ServiceDouble
  /** Behind {@link Forge.origin}. */
  readonly git: GitServer
}

/** Starts one that ends with the test. */
export async function startForge(files: Files): Promise<Forge> {
  const [git, api] = await Promise.all([startGitServer(), startDouble(gitea)])
  const folder = await git.createRepository('acme/shop.git', files)
  const front = createServer((incoming, response) => {
    forward(incoming.url?.startsWith('/api/') ? `http://${api.host}` : git.origin, incoming, response)
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  onTestFinished(async () => {
    front.closeAllConnections()
    front.close()
    await git[Symbol.asyncDispose]()
  })
  const host = `127.0.0.1:${(front.address() as AddressInfo).port}`
  const origin = `http://${host}`
  return { api, folder, git, host, origin, url: `${origin}/acme/shop.git` }
}

function forward(origin: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { headers, method, url = '/' } = incoming
  const onward = request(new URL(url, origin), { headers, method }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  incoming.pipe(onward)
}
