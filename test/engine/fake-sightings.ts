import type { Sightings } from '../../src/lib/engine/sightings.ts'

/** First sights in memory. */
export class FakeSightings implements Sightings {
  readonly seen = new Map<string, Date>()

  async sighted(repository: string, tag: string, digest: string, now: Date): Promise<Date> {
    const key = `${repository}:${tag}@${digest}`
    const first = this.seen.get(key) ?? now
    this.seen.set(key, first)
    return first
  }

  async save(): Promise<void> {}
}
