import { repositoryName } from '../image/reference.ts'
import { type Candidate, type Dropped, dropped, type Verdict } from '../policy/candidate.ts'
import { type Age, betterThan, matureAt } from '../policy/maturity.ts'
import { conclude, judgePlatforms, shortlist } from '../policy/select.ts'
import type { Ranking } from '../policy/strategy.ts'
import type { RegistryAccess } from '../registry/registry.ts'
import { rulePolicy } from '../rules/rule-policy.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import type { DateMemory } from './date-memory.ts'
import { followsDigest } from './decide.ts'
import type { Sightings } from './sightings.ts'

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
  /** How old the winner is; only where the rule asks for an age. */
  readonly age?: Age
}

/** What a watch knows from its earlier polls of the same image. */
export interface ScanMemory {
  readonly dates: DateMemory
  readonly key: string
  /** The tag that runs, '' when none is known: of equal versions it is kept. */
  readonly running: string
  readonly sightings: Sightings
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
  const ripe = await ripest(registry, rule, ranking.ranked, best, now, memory)
  const selection = conclude(list, ranking, [...unfit, ...ripe.young])
  const winner = ripe.best && followsDigest(rule) ? await withDigest(registry, rule, ripe.best) : ripe.best
  const candidates = new Map(dated.map((candidate) => [candidate.tag, candidate]))
  if (winner) candidates.set(winner.tag, winner)
  return {
    winner,
    verdicts: selection.verdicts,
    candidates,
    listed: listing.tags.length,
    via: listing.via,
    credential: listing.credential,
    ...(ripe.age && { age: ripe.age }),
  }
}

/** How many candidates are looked at for one that is old enough. */
const MOST_LOOKED_AT = 20

/**
 * With `min-age`: the best candidate that is old enough and better than what runs; where there is none, the
 * best of all, which then waits.
 */
async function ripest(
  registry: RegistryAccess,
  rule: UpdateRule,
  ranked: readonly Candidate[],
  best: Candidate | undefined,
  now: Date,
  memory: ScanMemory | undefined,
): Promise<{ best: Candidate | undefined; age?: Age; young: Dropped[] }> {
  const { minAge } = rule.controls
  if (minAge === undefined || best === undefined || !memory) return { best, young: [] }
  // What runs already needs no age, unless its tag has moved.
  if (best.tag === memory.running && !followsDigest(rule)) return { best, young: [] }
  const rest = ranked.slice(ranked.findIndex(({ tag }) => tag === best.tag) + 1)
  const better = betterThan([best, ...rest], memory.running).slice(0, MOST_LOOKED_AT)
  const young: Dropped[] = []
  let first: { best: Candidate; age: Age } | undefined
  for (const candidate of better) {
    const known = candidate === best ? candidate : await fitting(registry, rule, candidate)
    if (known === undefined) continue
    const whole = await withDigest(registry, rule, known)
    const age = await ageOf(rule, whole, now, memory.sightings)
    first ??= { age, best: whole }
    const ready = matureAt(age, minAge)
    if (ready <= now) return { age, best: whole, young }
    young.push(dropped(candidate.tag, 'min-age', `too young until ${ready.toISOString()}`))
  }
  return { ...(first ?? { best }), young: [] }
}

async function fitting(
  registry: RegistryAccess,
  rule: UpdateRule,
  candidate: Candidate,
): Promise<Candidate | undefined> {
  const { best } = await bestForPlatforms(registry, rule, [candidate])
  return best
}

/** The registry's clock where it has one; what the publisher says can be forged. */
async function ageOf(
  { image }: UpdateRule,
  { tag, digest = '', pushedAt }: Candidate,
  now: Date,
  sightings: Sightings,
): Promise<Age> {
  if (pushedAt) return { clock: 'registry', since: pushedAt }
  return { clock: 'first sight', since: await sightings.sighted(repositoryName(image), tag, digest, now) }
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
