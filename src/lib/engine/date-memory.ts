import type { Candidate } from '../policy/candidate.ts'

/** Up to here every candidate is asked for in every poll. */
const ALWAYS_ASKED = 50
/** Of more candidates: the newest so many, which are the likely winners, … */
const LIKELY = 20
/** … and so many of the rest in turn. */
const IN_TURN = 30

/**
 * What earlier polls of the same watch learnt about tags, for registries that list neither dates nor
 * digests. Asking for hundreds of tags in every poll would eat any rate limit; never asking again would miss
 * a tag that moved. So of more than 50 candidates the newest 20, the one that runs and 30 of the rest in turn
 * are asked for again; new tags always are. A tag outside of these that is pushed again is seen some polls
 * later.
 */
export class DateMemory {
  readonly #images = new Map<string, { known: Map<string, Candidate>; next: number }>()

  /**
   * Splits the candidates of an image into those to ask the registry about and those to take from memory.
   *
   * @param key by which a later poll knows the image again
   * @param running the tag that runs, which is always asked for
   */
  plan(
    key: string,
    candidates: readonly Candidate[],
    running: string,
  ): { ask: Candidate[]; remembered: Candidate[] } {
    const memory = this.#images.get(key)
    if (!memory || candidates.length <= ALWAYS_ASKED) return { ask: [...candidates], remembered: [] }
    const { known } = memory
    const newest = candidates
      .flatMap(({ tag }) => known.get(tag) ?? [])
      .toSorted((a, b) => dateOf(b) - dateOf(a))
    const likely = new Set(newest.slice(0, LIKELY).map(({ tag }) => tag))
    const rest = newest
      .slice(LIKELY)
      .map(({ tag }) => tag)
      .toSorted()
    const start = rest.length === 0 ? 0 : memory.next % rest.length
    const inTurn = new Set([...rest.slice(start), ...rest.slice(0, start)].slice(0, IN_TURN))
    memory.next = start + inTurn.size
    const ask: Candidate[] = []
    const remembered: Candidate[] = []
    for (const candidate of candidates) {
      const { tag } = candidate
      const memorized = known.get(tag)
      if (!memorized || tag === running || likely.has(tag) || inTurn.has(tag)) ask.push(candidate)
      else remembered.push(memorized)
    }
    return { ask, remembered }
  }

  /** Notes what a poll found out; tags that are gone are forgotten. */
  learn(key: string, candidates: readonly Candidate[]): void {
    const next = this.#images.get(key)?.next ?? 0
    const known = new Map(candidates.map((candidate) => [candidate.tag, candidate]))
    this.#images.set(key, { known, next })
  }
}

function dateOf({ pushedAt, createdAt }: Candidate): number {
  return (pushedAt ?? createdAt)?.getTime() ?? 0
}
