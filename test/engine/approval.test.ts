import { describe, expect, it } from 'vitest'
import { APPROVAL_MODES, type ApprovalMode, appliesUnasked } from '../../src/lib/engine/approval.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import type { Bump } from '../../src/lib/version/bump.ts'

const BUMPS: readonly Bump[] = ['patch', 'minor', 'major', 'pre-release', 'none']

describe('appliesUnasked', () => {
  it.each<[ApprovalMode, Bump[]]>([
    ['auto', ['patch', 'minor', 'major', 'pre-release', 'none']],
    ['minor', ['patch', 'minor']],
    ['patch', ['patch']],
    ['ask', []],
  ])('--approve %s lets %j through', (mode, expected) => {
    const passes = BUMPS.filter((bump) =>
      appliesUnasked(mode, {
        bump,
        gates: [],
        kind: 'update',
        place: 'spec',
        reason: '',
        target: parseImageReference('org/web:2'),
      }),
    )
    expect(passes).toEqual(expected)
  })

  it('has a case for each mode', () => {
    expect([...APPROVAL_MODES].sort()).toEqual(['ask', 'auto', 'minor', 'patch'])
  })
})
