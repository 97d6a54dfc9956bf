import { UserError } from '../errors.ts'
import { repositoryName } from '../image/reference.ts'
import type { Candidate, DropStage, Verdict } from '../policy/candidate.ts'
import type { RegistryAccess } from '../registry/registry.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { type Scan, scan } from './scan.ts'

/** A tag with the verdict on it and what is known of it. */
export interface TagRow extends Candidate {
  readonly verdict: Verdict
  /** Why nothing more is known of it; absent when its manifest could be read, or nobody had to. */
  readonly error?: UserError
}

/** What `tags` shows. */
export interface TagReport {
  readonly image: string
  readonly scan: Scan
  readonly rows: readonly TagRow[]
  /** How many tags each stage dropped. */
  readonly dropped: Readonly<Partial<Record<DropStage, number>>>
  /** Candidates in all, shown or not. */
  readonly candidates: number
}

/**
 * The tags of a repository as a rule sees them, best first. Digest, dates and platforms are asked for the
 * rows that are shown and for no others.
 *
 * @param options.limit candidates to show, 0 for all
 * @param options.all also the dropped tags, which cost no request
 */
export async function tagRows(
  registry: RegistryAccess,
  rule: UpdateRule,
  options: { readonly limit: number; readonly all: boolean; readonly now: Date },
): Promise<TagReport> {
  const found = await scan(registry, rule, options.now)
  const inRace = found.verdicts.filter(({ outcome }) => outcome !== 'dropped')
  const shown = options.limit === 0 ? inRace : inRace.slice(0, options.limit)
  const rows = await Promise.all(shown.map((verdict) => describeTag(registry, rule, found, verdict)))
  const losers = found.verdicts.filter((verdict) => verdict.outcome === 'dropped')
  const dropped: Partial<Record<DropStage, number>> = {}
  for (const { stage } of losers) dropped[stage] = (dropped[stage] ?? 0) + 1
  if (options.all) rows.push(...losers.map((verdict) => ({ tag: verdict.tag, verdict })))
  return { image: repositoryName(rule.image), scan: found, rows, dropped, candidates: inRace.length }
}

/** What the registry knows of one tag, or why it knows nothing. */
export async function describeTag(
  registry: RegistryAccess,
  rule: UpdateRule,
  found: Scan,
  verdict: Verdict,
): Promise<TagRow> {
  const known = found.candidates.get(verdict.tag) ?? { tag: verdict.tag }
  try {
    const { digest, createdAt, platforms } = await registry.describe(rule.image, verdict.tag, rule.platforms)
    return { ...known, digest, platforms, verdict, ...(createdAt && { createdAt }) }
  } catch (error) {
    // One manifest that cannot be read must not hide the other tags.
    if (!(error instanceof UserError)) throw error
    return { ...known, error, verdict }
  }
}
