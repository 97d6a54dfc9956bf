import { describe, expect, it } from 'vitest'
import { DateMemory } from '../../src/lib/engine/date-memory.ts'
import type { Candidate } from '../../src/lib/policy/candidate.ts'

const KEY = 'argocd/shop/web'

function candidates(count: number): Candidate[] {
  return Array.from({ length: count }, (_, index) => ({
    createdAt: new Date(index * 1000),
    tag: `build-${index}`,
  }))
}

function names(list: readonly Candidate[]): string[] {
  return list.map(({ tag }) => tag)
}

describe('DateMemory', () => {
  it('asks for everything in the first poll', () => {
    expect(new DateMemory().plan(KEY, candidates(500), '').ask).toHaveLength(500)
  })

  it('asks for everything in every poll of up to 50 candidates, so that a moved tag is seen at once', () => {
    const memory = new DateMemory()
    memory.learn(KEY, candidates(50))
    expect(memory.plan(KEY, candidates(50), '').ask).toHaveLength(50)
  })

  it('asks of more for the newest 20, the running one, 30 in turn, and what is new', () => {
    const memory = new DateMemory()
    memory.learn(KEY, candidates(500))
    const now = [...candidates(500), { tag: 'pushed-just-now' }]
    const { ask, remembered } = memory.plan(KEY, now, 'build-3')
    expect(names(ask)).toEqual(
      expect.arrayContaining(['build-499', 'build-480', 'build-3', 'pushed-just-now']),
    )
    expect(ask.length).toBeLessThanOrEqual(20 + 30 + 2)
    expect(ask.length + remembered.length).toBe(501)
    expect(remembered[0]?.createdAt).toBeInstanceOf(Date)
  })

  it('has asked for every tag again after enough polls', () => {
    const memory = new DateMemory()
    memory.learn(KEY, candidates(500))
    const asked = new Set<string>()
    for (let poll = 0; poll < 16; poll += 1) {
      const { ask, remembered } = memory.plan(KEY, candidates(500), '')
      for (const tag of names(ask)) asked.add(tag)
      memory.learn(KEY, [...ask, ...remembered])
    }
    expect(asked.size).toBe(500)
  })

  it('keeps images apart and forgets tags that are gone', () => {
    const memory = new DateMemory()
    memory.learn(KEY, candidates(500))
    expect(memory.plan('argocd/shop/api', candidates(500), '').ask).toHaveLength(500)
    memory.learn(KEY, candidates(60))
    expect(names(memory.plan(KEY, candidates(61), '').ask)).toContain('build-60')
  })
})
