import { amount } from '../../amount.ts'
import { canonicalRegistry, repositoryName } from '../../image/reference.ts'
import type { RateBudget } from '../../registry/answer-facts.ts'
import { DOCKER_HUB, HUB_API_HOST } from '../../registry/docker-hub.ts'
import type { TagListing } from '../../registry/registry.ts'
import { type EngineContext, registryFor } from '../context.ts'
import type { ManagedImage } from '../managed-image.ts'
import { failure, withinTime } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'

const finding = findingsOf('registry')

/** What asking a registry depends on. */
export interface RegistryWorld {
  readonly context: Pick<EngineContext, 'registry' | 'scopeOf'>
  /** What registries said of their rate limits so far, by host. */
  readonly budgets: ReadonlyMap<string, RateBudget>
  /** Milliseconds for each registry. */
  readonly timeout: number
}

/**
 * Asks each registry, with each credential that rules name for it, for the tags of one repository.
 *
 * @param images those of all rules; undefined where the rules could not be read
 */
export async function registryFindings(
  images: readonly ManagedImage[] | undefined,
  world: RegistryWorld,
): Promise<Finding[]> {
  if (!images) return [finding('skip', '', 'not looked at: it needs Applications that can be read')]
  if (images.length === 0) return [finding('skip', '', 'none is asked: no image here has a rule')]
  const groups = Map.groupBy(images, ({ rule }) => `${registryOf(rule.image)} ${rule.pullSecret ?? ''}`)
  return Promise.all([...groups.values()].map(([first]) => askOne(first as ManagedImage, world)))
}

/** The registry of an image, in the one spelling by which it is known. */
function registryOf({ registry }: ManagedImage['rule']['image']): string {
  return canonicalRegistry(registry)
}

async function askOne({ rule }: ManagedImage, world: RegistryWorld): Promise<Finding> {
  const host = registryOf(rule.image)
  try {
    return await withinTime(world.timeout, async () => {
      const registry = registryFor(world.context, rule)
      const listing = await registry.listTags(rule.image)
      const [tag] = listing.tags
      // Docker Hub tells its limit with manifests only; asking for the digest of one is no pull.
      if (host === DOCKER_HUB && tag) await registry.resolveDigest(rule.image, tag.tag).catch(() => undefined)
      return listingFinding(host, repositoryName(rule.image), listing, budgetOf(host, world.budgets))
    })
  } catch (error) {
    return failure('registry', error, host)
  }
}

function listingFinding(
  host: string,
  repository: string,
  { tags, via, credential }: TagListing,
  budget: RateBudget | undefined,
): Finding {
  const source = via.includes(credential) ? '' : `, credential: ${credential}`
  const message = `${host} answers (${via}${source}): ${amount(tags.length, 'tag')} of ${repository}; ${budgetText(budget)}`
  if (budget === undefined || budget.remaining > 0) return finding('ok', host, message)
  return finding('warn', host, message, 'Log in with docker login for a larger budget, or poll less often')
}

function budgetOf(host: string, budgets: ReadonlyMap<string, RateBudget>): RateBudget | undefined {
  return budgets.get(host === DOCKER_HUB ? HUB_API_HOST : host)
}

function budgetText(budget: RateBudget | undefined): string {
  if (budget === undefined) return 'it tells no rate limit'
  const { remaining, limit, window } = budget
  const of = limit === undefined ? '' : ` of ${limit}`
  const per = window === undefined ? '' : ` in ${Math.round(window / 3600)} h`
  return `${remaining}${of} pulls left${per}`
}
