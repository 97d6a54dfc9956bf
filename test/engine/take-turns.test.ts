import { describe, expect, it } from 'vitest'
import { takeTurns } from '../../src/lib/engine/take-turns.ts'

describe('generators that take turns', () => {
  const log: string[] = []
  const counting = (name: string, count: number) =>
    async function* (signal: AbortSignal): AsyncGenerator<string, void> {
      log.push(`${name} begins`)
      try {
        for (let index = 1; index <= count && !signal.aborted; index += 1) yield `${name}${index}`
      } finally {
        log.push(`${name} ends`)
      }
    }
  const waiting = async function* (signal: AbortSignal): AsyncGenerator<string, void> {
    const aborted = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => aborted.resolve())
    await aborted.promise
    log.push('was told to end')
    yield* []
  }
  const all = async (starts: Parameters<typeof takeTurns<string>>[0], limit: number) => {
    log.length = 0
    const told: string[] = []
    for await (const item of takeTurns(starts, limit, new AbortController().signal)) told.push(item)
    return told
  }

  it('tell everything, each in its order', async () => {
    const told = await all([counting('a', 3), counting('b', 1), counting('c', 2)], 8)
    expect(told.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'c2'])
    expect(told.filter((item) => item.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
  })

  it('are no more than allowed at a time', async () => {
    await all([counting('a', 2), counting('b', 1), counting('c', 1)], 1)
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('end when nobody listens any more', async () => {
    log.length = 0
    for await (const _ of takeTurns([counting('a', 9), waiting], 8, new AbortController().signal)) break
    await new Promise(setImmediate)
    expect(log).toContain('a ends')
    expect(log).toContain('was told to end')
  })

  it('pass on what fails', async () => {
    const failing = async function* (): AsyncGenerator<string, void> {
      yield 'once'
      throw new Error('no more')
    }
    await expect(all([failing, waiting], 8)).rejects.toThrow('no more')
  })

  it('are nothing where there are none', async () => {
    expect(await all([], 8)).toEqual([])
  })
})
