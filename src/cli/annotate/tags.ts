import { setTimeout as pause } from 'node:timers/promises'
import { UserError } from '../../lib/errors.ts'
import { type ImageReference, repositoryName } from '../../lib/image/reference.ts'
import type { Candidate } from '../../lib/policy/candidate.ts'
import type { RegistryAccess } from '../../lib/registry/registry.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { withProgress } from '../../lib/terminal/progress.ts'

/** How long a person waits for the tags before being asked whether to go on, milliseconds. */
const PATIENCE = 5_000

/** A listing that goes on while questions are asked. A registry that cannot be read is an answer too. */
export type TagListingAhead = Promise<{ readonly tags: readonly Candidate[] } | { readonly problem: string }>

export function listTagsAhead(registry: RegistryAccess, image: ImageReference): TagListingAhead {
  return registry.listTags(image).then(
    ({ tags }) => ({ tags }),
    (error: unknown) => {
      if (error instanceof UserError) return { problem: error.message }
      throw error
    },
  )
}

/**
 * The tags, waited for as long as the person wants; undefined where the registry cannot be read or the
 * person goes on without them.
 */
export async function awaitTags(
  ahead: TagListingAhead,
  image: ImageReference,
): Promise<readonly Candidate[] | undefined> {
  const title = `Listing the tags of ${printable(repositoryName(image))}`
  for (;;) {
    const waiting = new AbortController()
    const late = pause(PATIENCE, undefined, { signal: waiting.signal }).catch(() => undefined)
    const found =
      (await withProgress(title, () => Promise.race([ahead, late]))) ?? (await goOnOrArrive(ahead))
    waiting.abort()
    if (found === 'wait') continue
    if (found === 'without') return undefined
    if ('tags' in found) return found.tags
    process.stderr.write(`Warning: ${printable(found.problem)}: the questions go on without the tags\n`)
    return undefined
  }
}

/** Asks whether to go on; tags that arrive meanwhile take the question back. */
async function goOnOrArrive(ahead: TagListingAhead): Promise<Awaited<TagListingAhead> | 'wait' | 'without'> {
  const { confirm } = await import('@inquirer/prompts')
  const question = new AbortController()
  const answer = confirm(
    { default: false, message: 'The registry has not answered yet. Go on without its tags?' },
    { output: process.stderr, signal: question.signal },
  ).then((yes): 'wait' | 'without' => (yes ? 'without' : 'wait'))
  try {
    return await Promise.race([ahead, answer])
  } finally {
    question.abort()
    answer.catch(() => {})
  }
}
