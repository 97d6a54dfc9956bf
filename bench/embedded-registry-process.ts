/** The embedded registry as a process of its own, so that its work is not counted as its client's time. */
import { type ImageRegistry, startImageRegistry } from '../src/lib/sandbox/image-registry.ts'
import type { Answer, Question } from './embedded-registry.ts'
import { PLATFORMS, planRepositories, type Scale } from './workload.ts'

let registry: ImageRegistry | undefined

process.on('message', async (question: Question) => {
  if (question.ask === 'start') registry = await startFilled(question.scale)
  if (registry === undefined) throw new Error('not started')
  const answer: Answer =
    question.ask === 'start' ? { host: registry.host } : { requests: registry.requests.length }
  process.send?.(answer)
})
process.on('disconnect', () => registry?.close())

async function startFilled(scale: Scale): Promise<ImageRegistry> {
  const started = await startImageRegistry()
  for (const { name, tags } of planRepositories(scale)) {
    for (const tag of tags) {
      started.pushImage(name, tag.name, { created: tag.createdAt, platforms: PLATFORMS })
    }
  }
  return started
}
