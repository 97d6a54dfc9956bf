import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BenchRegistry } from './bench-registry.ts'
import type { Scale } from './workload.ts'

const PROGRAM = fileURLToPath(new URL('embedded-registry-process.ts', import.meta.url))

/** What the process is asked, and what it answers. */
export type Question = { readonly ask: 'start'; readonly scale: Scale } | { readonly ask: 'requests' }
export type Answer = { readonly host: string } | { readonly requests: number }

/** Starts the product's own in-memory registry, filled: a few seconds, and nothing to install. */
export async function startEmbeddedRegistry(scale: Scale): Promise<BenchRegistry> {
  const child = fork(PROGRAM)
  const started = (await ask(child, { ask: 'start', scale })) as { host: string }
  return {
    host: started.host,
    async requests() {
      const answer = (await ask(child, { ask: 'requests' })) as { requests: number }
      return answer.requests
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

async function ask(child: ChildProcess, question: Question): Promise<Answer> {
  const answered = new AbortController()
  const { signal } = answered
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('the embedded registry has ended')
    })
    child.send(question)
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Answer]
    return answer
  } finally {
    answered.abort()
  }
}
