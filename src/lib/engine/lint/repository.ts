import { amount } from '../../amount.ts'
import { UserError } from '../../errors.ts'
import { formatPlatform } from '../../image/platform.ts'
import { repositoryName } from '../../image/reference.ts'
import type { Dropped, DropStage } from '../../policy/candidate.ts'
import { judgePlatforms, type Policy, type Shortlist, shortlist } from '../../policy/select.ts'
import type { RegistryAccess } from '../../registry/registry.ts'
import { RegistryError } from '../../registry/registry-error.ts'
import { findingOfProblem, type LintFinding } from '../../rules/lint/finding.ts'
import { rulePolicy } from '../../rules/rule-policy.ts'
import type { UpdateRule } from '../../rules/update-rule.ts'
import { digitsOnlyWarning } from '../digits-only.ts'
import { imageFinding, settingFinding } from './rule-finding.ts'

/** What a repository's tags say about a rule. */
export interface RepositoryReading {
  readonly findings: readonly LintFinding[]
  /** How many tags the rule chooses from; undefined when that could not be told. */
  readonly candidates: number | undefined
}

/** How many manifests are read at most to find a platform. */
const MOST_DESCRIBED = 20

/**
 * Asks for the tags of a rule's repository, and for manifests only where the rule wants platforms.
 *
 * @param running the tag that runs, '' where none is known
 */
export async function readRepository(
  registry: RegistryAccess,
  rule: UpdateRule,
  now: Date,
  running: string,
): Promise<RepositoryReading> {
  try {
    const { order, tags } = await registry.listTags(rule.image)
    const policy = rulePolicy(rule, order)
    const list = shortlist(policy, tags)
    if (list.candidates.length === 0) return { findings: [nothingMatches(rule, list)], candidates: 0 }
    const findings = [
      ...digitsOnly(rule, policy, list, now, running),
      ...(await platforms(registry, rule, policy, list, now)),
    ]
    return { findings, candidates: list.candidates.length }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { findings: [unreadable(rule, error)], candidates: undefined }
  }
}

/** The registry said no, or the credential that the rule names could not be had. */
function unreadable(rule: UpdateRule, error: UserError): LintFinding {
  const { message, remedy } = error
  const missing = error instanceof RegistryError && error.kind === 'not-found'
  return imageFinding(rule, {
    severity: missing ? 'error' : 'warning',
    code: missing ? 'image-not-found' : 'registry-unreadable',
    problem: message,
    remedy: remedy || (missing ? 'Correct the name of the image' : 'Run check to see whether it lasts'),
  })
}

/** Which setting a person changes to keep tags that a stage dropped. */
const SETTINGS = {
  'allow-tags': 'allow-tags',
  'image-tag-filter': 'image-tag-filter',
  'ignore-tags': 'ignore-tags',
  'tag-pattern': 'tag-pattern',
} as const satisfies Partial<Record<DropStage, string>>

function nothingMatches(rule: UpdateRule, { dropped, considered }: Shortlist): LintFinding {
  const repository = repositoryName(rule.image)
  const told = { severity: 'warning', code: 'nothing-matches' } as const
  if (considered === 0) {
    const remedy = 'Push an image, or correct the name'
    return imageFinding(rule, { ...told, problem: `${repository} has no tags`, remedy })
  }
  const stages = [...Map.groupBy(dropped, ({ stage }) => stage)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  )
  const shares = stages.map(([stage, tags]) => `${tags.length} ${words(stage)}${example(stage, tags)}`)
  const problem = `${amount(considered, 'tag')} in ${repository}, none fits: ${shares.join(', ')}`
  const [[guilty] = ['constraint' as const]] = stages
  const remedy = 'Change the rule, or look with tags at what the repository has'
  if (Object.hasOwn(SETTINGS, guilty)) {
    const setting = SETTINGS[guilty as keyof typeof SETTINGS]
    return settingFinding(rule, setting, '', { ...told, problem, remedy })
  }
  return imageFinding(rule, { ...told, problem, remedy })
}

/** Names of generated tags are long and tell nothing. */
function example(stage: DropStage, [first]: readonly Dropped[]): string {
  return first && stage !== 'artifact' ? ` ("${first.tag}")` : ''
}

/** What became of the tags that a stage dropped, after their number. */
function words(stage: DropStage): string {
  switch (stage) {
    case 'artifact':
      return 'signatures or attestations'
    case 'version':
      return 'not a version'
    case 'constraint':
      return 'outside the constraint'
    case 'pre-release':
      return 'pre-release'
    case 'ignore-tags':
      return 'dropped by ignore-tags'
    default:
      return `outside ${stage}`
  }
}

/** A date or build number that semver reads as a version above all others. */
function digitsOnly(
  rule: UpdateRule,
  policy: Policy,
  { candidates }: Shortlist,
  now: Date,
  running: string,
): LintFinding[] {
  if (rule.strategy !== 'semver') return []
  const [winner] = policy.strategy.rank(candidates, now, running).ranked
  const byTag = new Map(candidates.map((candidate) => [candidate.tag, candidate]))
  const warning = digitsOnlyWarning(rule, { candidates: byTag, winner }, running)
  return warning ? [findingOfProblem(warning)] : []
}

async function platforms(
  registry: RegistryAccess,
  rule: UpdateRule,
  policy: Policy,
  list: Shortlist,
  now: Date,
): Promise<LintFinding[]> {
  if (rule.platforms.length === 0) return []
  const dated = list.missing === 'dates'
  const ranked = dated ? list.candidates.toReversed() : policy.strategy.rank(list.candidates, now).ranked
  const looked = ranked.slice(0, MOST_DESCRIBED)
  const unfit: Dropped[] = []
  for (const candidate of looked) {
    const { platforms: offered } = await registry.describe(rule.image, candidate.tag, rule.platforms)
    const verdict = judgePlatforms({ ...candidate, platforms: offered }, rule.platforms)
    if (verdict === undefined) return []
    unfit.push(verdict)
  }
  const [best] = unfit
  const wanted = rule.platforms.map(formatPlatform).join(',')
  const all =
    looked.length === ranked.length
      ? `none of the ${looked.length} tags that fit`
      : `none of the ${looked.length} tags looked at`
  return [
    settingFinding(rule, 'platforms', wanted, {
      severity: 'warning',
      code: 'platform-not-offered',
      problem: `${all} offers ${wanted}${best ? `: ${best.tag} ${best.reason}` : ''}`,
      remedy: 'Correct the platforms, or build for them',
    }),
  ]
}
