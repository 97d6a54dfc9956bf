import { formatPlatform } from '../../image/platform.ts'
import { formatImageReference } from '../../image/reference.ts'
import type { ManifestTargets, UpdateRule } from '../update-rule.ts'
import type { CarriedRules, Loss } from './carried-rules.ts'

/** The parts of a rule that a migration must keep, each as text that is the same for what means the same. */
type Part = keyof ReturnType<typeof partsOf>

/** What of a rule differs once a setting was lost. */
const LOST_PART: Readonly<Record<string, Part>> = {
  'image-tag-filter': 'filter',
  ignoreTags: 'filter',
  'image-poll-interval': 'pollInterval',
  'pin-digest': 'pinDigest',
  'tag-pattern': 'tagPattern',
  'allow-downgrade': 'allowDowngrade',
  'write-back-method': 'writeBack',
  'manifestTargets.plugin': 'targets',
}

/**
 * Reads the result of a migration as a check on it: every image that it does not read as the rule it was
 * made from, beyond what is known to be lost, is a loss itself.
 *
 * @param after the rules that the result reads as
 */
export function differingImages(
  { namespace, application, images }: CarriedRules,
  after: readonly UpdateRule[],
  known: readonly Loss[],
): Loss[] {
  const object = namespace === '' ? application : `${namespace}/${application}`
  return images.flatMap(({ alias, rule }): Loss[] => {
    const losses = known.filter(
      (loss) => loss.object === object && (loss.alias === alias || loss.alias === ''),
    )
    if (losses.some(({ extent, alias: owner }) => extent === 'image' && owner === alias)) return []
    const now = after.find((candidate) => candidate.alias === alias)
    const lose = (key: string, value: string, reason: string): Loss[] => [
      { object, alias, key, value, reason, extent: 'rule' },
    ]
    if (now === undefined)
      return lose('image', formatImageReference(rule.image), 'the result would have no such rule')
    const [wanted, found] = [partsOf(rule), partsOf(now)]
    const lost = losses.map(({ key }) => LOST_PART[key])
    const differing = (Object.keys(wanted) as Part[]).find(
      (part) => wanted[part] !== found[part] && !lost.includes(part),
    )
    if (differing === undefined) return []
    return lose(differing, wanted[differing], `the result would read it as "${found[differing]}"`)
  })
}

/** Whether two rules want the same, whatever their origin and alias, and whatever spelling they chose. */
export function sameRule(a: UpdateRule, b: UpdateRule): boolean {
  const [left, right] = [partsOf(a), partsOf(b)]
  return (Object.keys(left) as Part[]).every((part) => left[part] === right[part])
}

function partsOf(rule: UpdateRule) {
  const { image, writeBack } = rule
  return {
    allowDowngrade: String(rule.allowDowngrade),
    // An image-tag-filter without allow-tags is the same as allow-tags with the keyword.
    filter: rule.filter.description.replace(/^image-tag-filter /, 'allow-tags regexp:'),
    forceUpdate: String(rule.forceUpdate),
    image: formatImageReference({ ...image, tag: image.tag.replace(/\s*,\s*/g, ' ') }),
    pinDigest: String(rule.pinDigest),
    platforms: rule.platforms.map(formatPlatform).join(', '),
    pollInterval: String(rule.pollInterval ?? ''),
    pullSecret: rule.pullSecret ?? '',
    strategy: rule.strategy,
    tagPattern: rule.tagPattern ?? '',
    targets: targetsText(rule.targets),
    writeBack: [
      writeBack.method === 'application' ? 'argocd' : writeBack.written,
      writeBack.target ?? '',
      writeBack.gitBranch ?? '',
      writeBack.gitRepository ?? '',
      writeBack.method === 'git' ? (writeBack.pullRequest?.service ?? '') : '',
    ].join(' '),
  }
}

function targetsText({ helm, kustomize, plugin }: ManifestTargets): string {
  const texts = Object.entries({ helm, kustomize, plugin }).flatMap(([kind, names]) =>
    Object.entries(names ?? {}).map(([name, text]) => (text ? `${kind}.${name}=${text}` : '')),
  )
  return texts
    .filter((text) => text !== '')
    .toSorted()
    .join(' ')
}
