import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What the server does with one request: a status with headers, or anything it likes. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | ((response: ServerResponse) => void)

export interface WebhookServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly host: string
  readonly received: readonly Received[]
  /** Resolves when so many requests have come. */
  arrived(count: number): Promise<void>
}

/** A webhook on loopback that gives these answers in turn, the last one from then on; closed with the test. */
export async function webhookServer(...answers: readonly Answer[]): Promise<WebhookServer> {
  const received: Received[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const answer = answers[Math.min(received.length, answers.length - 1)] ?? { status: 200 }
      received.push({ path: request.url ?? '', headers: request.headers, body })
      if (typeof answer === 'function') answer(response)
      else response.writeHead(answer.status, answer.headers).end('ok')
      for (const { count, resolve } of waiting) if (received.length >= count) resolve()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    received,
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
  }
}
