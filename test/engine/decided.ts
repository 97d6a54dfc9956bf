import type { ApplicationOwner } from '../../src/lib/application/owners.ts'
import { type Decision, decideProposal, propose, type Winner } from '../../src/lib/engine/decide.ts'
import type { GateFacts, Place } from '../../src/lib/engine/gate.ts'
import type { RunningImage } from '../../src/lib/engine/running-image.ts'
import type { UpdateRule } from '../../src/lib/rules/update-rule.ts'
import { NOW } from './world.ts'

/** What is decided about a winner, where nothing else is known than what is given. */
export function decide(
  rule: UpdateRule,
  running: RunningImage,
  winner: Winner,
  place: Place,
  owners: readonly ApplicationOwner[] = [],
  facts: Partial<GateFacts> = {},
): Decision {
  const proposed = propose(rule, running, winner, place)
  if ('kind' in proposed) return proposed
  return decideProposal(proposed, rule, running, {
    elsewhere: [],
    now: NOW,
    owners,
    passed: new Set(),
    ...facts,
  })
}
