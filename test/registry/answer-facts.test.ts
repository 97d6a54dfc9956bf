import { describe, expect, it } from 'vitest'
import { AnswerFacts } from '../../src/lib/registry/answer-facts.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

function noted(headers: Readonly<Record<string, string>>): AnswerFacts {
  const facts = new AnswerFacts({ now: () => NOW })
  facts.note('registry.example.com', headers)
  return facts
}

describe('what the headers of an answer tell', () => {
  it.each([
    ['Sun, 01 Mar 2026 12:00:42 GMT', 42_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', -3_600_000],
    ['yesterday', undefined],
  ])('a clock: %s', (date, ahead) => {
    expect(noted({ date }).clocks.get('registry.example.com')).toBe(ahead)
  })

  it.each([
    ['76;w=21600', '100;w=21600', { limit: 100, remaining: 76, window: 21_600 }],
    ['76', '100', { limit: 100, remaining: 76, window: undefined }],
    ['0;w=60', '', { limit: undefined, remaining: 0, window: 60 }],
    ['', '100;w=21600', undefined],
    ['many', '100', undefined],
  ])('a budget: %s of %s', (remaining, limit, budget) => {
    const headers = { 'ratelimit-limit': limit, 'ratelimit-remaining': remaining }
    expect(noted(headers).budgets.get('registry.example.com')).toEqual(budget)
  })
})
