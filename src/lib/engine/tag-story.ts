import { DROP_STAGES, type Dropped, type DropStage, type Verdict } from '../policy/candidate.ts'
import type { RegistryAccess } from '../registry/registry.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import type { Scan } from './scan.ts'
import { describeTag, type TagRow } from './tag-rows.ts'

/** One stage that dropped tags. */
export interface StageStory {
  readonly stage: DropStage
  readonly count: number
  /** The first few, as listed. */
  readonly examples: readonly string[]
  /** What all of them have in common; '' where each has a reason of its own. */
  readonly reason: string
}

/** What became of the tags of a repository, from all of them to the one that wins. */
export interface TagStory {
  readonly listed: number
  readonly stages: readonly StageStory[]
  /** How many passed every stage. */
  readonly candidates: number
  /** The first few in the ranking. */
  readonly finalists: readonly TagRow[]
  /** Every tag with its verdict: the winner, the outranked best first, then the dropped. */
  readonly verdicts: readonly Verdict[]
}

const FINALISTS = 3
const EXAMPLES = 3

/** Tells what became of the tags. Only the finalists cost requests; one that cannot be read stops nothing. */
export async function tagStory(registry: RegistryAccess, rule: UpdateRule, found: Scan): Promise<TagStory> {
  const inRace = found.verdicts.filter(({ outcome }) => outcome !== 'dropped')
  const dropped = found.verdicts.filter((verdict) => verdict.outcome === 'dropped')
  return {
    candidates: inRace.length,
    finalists: await Promise.all(
      inRace.slice(0, FINALISTS).map((verdict) => describeTag(registry, rule, found, verdict)),
    ),
    listed: found.listed,
    stages: stageStories(dropped),
    verdicts: found.verdicts,
  }
}

function stageStories(dropped: readonly Dropped[]): StageStory[] {
  const groups = Map.groupBy(dropped, ({ stage }) => stage)
  return DROP_STAGES.flatMap((stage) => {
    const group = groups.get(stage) ?? []
    if (group.length === 0) return []
    const reasons = new Set(group.map(({ reason }) => reason))
    const [reason = ''] = reasons.size === 1 ? reasons : []
    return [{ count: group.length, examples: group.slice(0, EXAMPLES).map(({ tag }) => tag), reason, stage }]
  })
}
