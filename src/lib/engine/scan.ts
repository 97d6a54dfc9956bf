import type { Candidate, Dropped, Verdict } from '../policy/candidate.ts'
import { conclude, judgePlatforms, shortlist } from '../policy/select.ts'
import type { Ranking } from '../policy/strategy.ts'
import type { RegistryAccess } from '../registry/registry.ts'
import { rulePolicy } from '../rules/rule-policy.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import type { DateMemory } from './date-memory.ts'
import { followsDigest } from './decide.ts'

/** What a registry offered for one rule, and what became of every tag. */
export interface Scan {
  readonly winner: Candidate | undefined
  /** Winner first, then the outranked best first, then the dropped. */
  readonly verdicts: readonly Verdict[]
  /** What is known of the tags that were not dropped, by tag. */
  readonly candidates: ReadonlyMap<string, Candidate>
  /** How many tags the repository has. */
  readonly listed: number
  readonly via: string
  readonly credential: string
}

/** What a watch knows from its earlier polls of the same image. */
export interface ScanMemory {
  readonly dates: DateMemory
  readonly key: string
  /** The tag that runs, '' when none is known: of equal versions it is kept. */
  readonly running: string
}

/**
 * Lists a repository and chooses by the rule. The registry is asked only what the rule needs: names for
 * versions, dates only for the tags that the names leave, platforms from the best tag down until one
 * fits, the digest of the winner alone.
 *
 * @param memory what earlier polls learnt and what runs; without it everything is asked for
 * @throws RegistryError when the registry cannot be read
 */
export async function scan(
  registry: RegistryAccess,
  rule: UpdateRule,
  now: Date,
  memory?: ScanMemory,
): Promise<Scan> {
  const listing = await registry.listTags(rule.image)
  const policy = rulePolicy(rule, listing.order)
  const list = shortlist(policy, listing.tags)
  // A single candidate wins whatever its date, so nothing needs to be asked about it.
  const dated =
    list.missing === 'dates' && list.candidates.length > 1
      ? await dateAll(registry, rule, list.candidates, memory)
      : list.candidates
  const ranking =
    dated.length === 1 && list.missing === 'dates'
      ? onlyOne(dated)
      : policy.strategy.rank(dated, now, memory?.running)
  const { unfit, best } = await bestForPlatforms(registry, rule, ranking.ranked)
  const selection = conclude(list, ranking, unfit)
  const winner = best && followsDigest(rule) ? await withDigest(registry, rule, best) : best
  const candidates = new Map(dated.map((candidate) => [candidate.tag, candidate]))
  if (winner) candidates.set(winner.tag, winner)
  return {
    winner,
    verdicts: selection.verdicts,
    candidates,
    listed: listing.tags.length,
    via: listing.via,
    credential: listing.credential,
  }
}

async function dateAll(
  registry: RegistryAccess,
  rule: UpdateRule,
  candidates: readonly Candidate[],
  memory: ScanMemory | undefined,
): Promise<Candidate[]> {
  const { ask, remembered } = memory
    ? memory.dates.plan(memory.key, candidates, memory.running)
    : { ask: candidates, remembered: [] }
  const asked = await Promise.all(ask.map((candidate) => withDates(registry, rule, candidate)))
  const dated = [...asked, ...remembered]
  memory?.dates.learn(memory.key, dated)
  return dated
}

async function withDates(
  registry: RegistryAccess,
  rule: UpdateRule,
  candidate: Candidate,
): Promise<Candidate> {
  const { digest, createdAt, platforms } = await registry.describe(rule.image, candidate.tag, rule.platforms)
  return { ...candidate, digest, platforms, ...(createdAt && { createdAt }) }
}

async function withDigest(
  registry: RegistryAccess,
  rule: UpdateRule,
  candidate: Candidate,
): Promise<Candidate> {
  return {
    ...candidate,
    digest: candidate.digest ?? (await registry.resolveDigest(rule.image, candidate.tag)),
  }
}

async function bestForPlatforms(
  registry: RegistryAccess,
  rule: UpdateRule,
  ranked: readonly Candidate[],
): Promise<{ best: Candidate | undefined; unfit: Dropped[] }> {
  const unfit: Dropped[] = []
  if (rule.platforms.length === 0) return { best: ranked[0], unfit }
  for (const candidate of ranked) {
    const known = candidate.platforms ? candidate : await withDates(registry, rule, candidate)
    const verdict = judgePlatforms(known, rule.platforms)
    if (!verdict) return { best: known, unfit }
    unfit.push(verdict)
  }
  return { best: undefined, unfit }
}

function onlyOne(ranked: readonly Candidate[]): Ranking {
  return { dropped: [], outranked: () => '', ranked, won: () => 'the only candidate' }
}
