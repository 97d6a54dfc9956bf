import { UserError } from '../errors.ts'
import { dropped } from './candidate.ts'
import type { Strategy } from './strategy.ts'

export class MissingTagError extends UserError {}

/**
 * The one tag that the constraint names, whatever it names at the moment. The constraint is compared as
 * text, never as a version range.
 *
 * @throws MissingTagError when no tag is named.
 */
export function digest(tag: string): Strategy {
  if (tag === '') {
    throw new MissingTagError(
      'strategy digest needs to know which tag to follow',
      'Name it in the image, for example app=registry.example.com/app:production',
    )
  }
  return {
    name: 'digest',
    considers: (name) =>
      name === tag ? undefined : dropped(name, 'constraint', `not the tag ${tag} that is followed`),
    rank: (candidates) => ({
      ranked: candidates,
      dropped: [],
      won: () => 'the tag that is followed',
      outranked: (_, winner) => `listed after ${winner.tag}`,
    }),
  }
}
