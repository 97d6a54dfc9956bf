import { setImmediate as turn } from 'node:timers/promises'
import { NOW } from './world.ts'

/** A clock that moves only when it is told to, and the pauses that wait for it. */
export class FakeTime {
  #milliseconds = NOW.getTime()
  /** What somebody who set the clock on the wall added to it, milliseconds. */
  #set = 0
  #asleep = 0
  readonly #pauses = new Set<{ readonly end: number; readonly resume: () => void }>()

  now(): Date {
    return new Date(this.#milliseconds + this.#set)
  }

  /** Milliseconds on a clock that nobody sets, and that stands still while the machine sleeps. */
  elapsed(): number {
    return this.#milliseconds - this.#asleep
  }

  /** Somebody sets the clock on the wall. */
  set(milliseconds: number): void {
    this.#set += milliseconds
  }

  /** The machine sleeps for so long. */
  sleep(milliseconds: number): void {
    this.#asleep += milliseconds
    this.advance(milliseconds)
  }

  /** Seconds since the start. */
  secondOf(moment: Date): number {
    return (moment.getTime() - NOW.getTime()) / 1000
  }

  pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const pause = { end: this.#milliseconds + milliseconds, resume: resolve }
    this.#pauses.add(pause)
    signal?.addEventListener('abort', () => {
      this.#pauses.delete(pause)
      resolve()
    })
    return promise
  }

  advance(milliseconds: number): void {
    this.#milliseconds += milliseconds
    for (const pause of this.#pauses) {
      if (pause.end > this.#milliseconds) continue
      this.#pauses.delete(pause)
      pause.resume()
    }
  }

  /** Lets everything come to rest, then so many seconds pass, then everything comes to rest again. */
  async passing(seconds: number): Promise<void> {
    await rest()
    this.advance(seconds * 1000)
    await rest()
  }
}

/** More turns of the event loop than anything in memory takes. */
async function rest(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await turn()
}
