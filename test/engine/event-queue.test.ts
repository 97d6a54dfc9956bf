import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../src/lib/engine/event-queue.ts'

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const read: Value[] = []
  for await (const value of values) read.push(value)
  return read
}

describe('EventQueue', () => {
  it('hands on what was pushed, in order, and ends when it is closed', async () => {
    const queue = new EventQueue<number>()
    void queue.push(1)
    void queue.push(2)
    queue.close()
    expect(await all(queue)).toEqual([1, 2])
  })

  it('lets who pushes wait until the reader is done with the value', async () => {
    const queue = new EventQueue<string>()
    const order: string[] = []
    const pushing = (async () => {
      for (const value of ['a', 'b']) {
        await queue.push(value)
        order.push(`${value} read`)
      }
      queue.close()
    })()
    for await (const value of queue) {
      await turn()
      order.push(`reads ${value}`)
    }
    await pushing
    expect(order).toEqual(['reads a', 'a read', 'reads b', 'b read'])
  })

  it('loses nothing that comes while the reader is busy', async () => {
    const queue = new EventQueue<number>()
    const values = queue[Symbol.asyncIterator]()
    const first = values.next()
    void queue.push(1)
    expect(await first).toEqual({ done: false, value: 1 })
    void queue.push(2)
    void queue.push(3)
    queue.close()
    expect(await all(values)).toEqual([2, 3])
  })

  it('ends for a reader who waits already', async () => {
    const queue = new EventQueue<number>()
    const reading = all(queue)
    await turn()
    queue.close()
    expect(await reading).toEqual([])
  })
})
