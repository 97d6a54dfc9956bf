import { describe, expect, it } from 'vitest'
import { AnswerFacts } from '../../src/lib/registry/answer-facts.ts'
import { open, server } from './opened.ts'
import { json } from './scripted-server.ts'

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

  it('no clock where a cache on the way kept the answer: its date is an old one', () => {
    const headers = { age: '3600', date: 'Sun, 01 Mar 2026 11:00:00 GMT' }
    expect(noted(headers).clocks.size).toBe(0)
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

it('every answer of a registry is told, refusals too', async () => {
  const headers = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '76;w=21600' }
  const registry = await server((_, response) => json(response, 404, { errors: [] }, headers))
  const facts = new AnswerFacts({ now: () => Date.now() })
  const { access, image } = open([registry.host], {
    onAnswer: (host, told) => facts.note(host, told),
  })
  await expect(access.listTags(image())).rejects.toThrow('HTTP 404')
  expect(facts.budgets.get(registry.host)).toEqual({ limit: 100, remaining: 76, window: 21_600 })
  expect(Math.abs(facts.clocks.get(registry.host) ?? Number.NaN)).toBeLessThan(30_000)
})
