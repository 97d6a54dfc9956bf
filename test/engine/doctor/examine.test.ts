import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Check, examine, failure, withinTime } from '../../../src/lib/engine/doctor/examine.ts'
import { findingsOf } from '../../../src/lib/engine/doctor/finding.ts'
import { UserError } from '../../../src/lib/errors.ts'

const LONG = 60_000
const ok = findingsOf('git')('ok', 'git', 'git 2.45.0')
const good: Check = { name: 'git', run: async () => [ok] }
const never = new Promise<never>(() => {})

function lines(checks: readonly Check[], timeout = LONG) {
  return examine(checks, timeout).then((found) =>
    found.map(
      ({ check, state, message, remedy }) => `${check} ${state}: ${message}${remedy && ` → ${remedy}`}`,
    ),
  )
}

describe('a check', () => {
  it('that fails becomes a finding, and the others go on', async () => {
    const run = async () => {
      throw new UserError('the file is torn', 'Mend it')
    }
    expect(await lines([{ name: 'cache', run }, good])).toEqual([
      'cache fail: the file is torn → Mend it',
      'git ok: git 2.45.0',
    ])
  })

  it('that does not come to an end is given up after the time limit, and told so', async () => {
    let ended = false
    const run = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        ended = true
      })
      return never
    }
    expect(await lines([{ name: 'cache', run }, good], 20)).toEqual([
      'cache fail: no answer within 0.02 s → Allow more time with --timeout',
      'git ok: git 2.45.0',
    ])
    expect(ended).toBe(true)
  })

  it('is skipped when what it needs is not there', async () => {
    const ready = Promise.reject(new Error('told elsewhere'))
    const needs = { what: 'an API server that answers', ready }
    expect(await lines([{ ...good, needs }])).toEqual([
      'git skip: not looked at: it needs an API server that answers',
    ])
  })

  describe('as time goes by', () => {
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())
    const afterTen = () => new Promise<void>((resolve) => setTimeout(resolve, 10))

    it('has its time from when what it needs is there', async () => {
      const told = lines([{ ...good, needs: { what: 'patience', ready: afterTen() } }], 1)
      await vi.advanceTimersByTimeAsync(10)
      expect(await told).toEqual(['git ok: git 2.45.0'])
    })

    it('may limit the time of its parts itself', async () => {
      const run = () => afterTen().then(() => [ok])
      const told = lines([{ name: 'git', limitsItself: true, run }], 1)
      await vi.advanceTimersByTimeAsync(10)
      expect(await told).toEqual(['git ok: git 2.45.0'])
    })
  })
})

it('with 0 there is no time limit', async () => {
  expect(await withinTime(0, async () => 'done')).toBe('done')
})

it('an error that is nobody’s fault but the program’s says so', () => {
  expect(failure('aws', new TypeError('x is not a function'))).toMatchObject({
    message: 'unexpected error: x is not a function',
    remedy: expect.stringContaining('report'),
  })
})
