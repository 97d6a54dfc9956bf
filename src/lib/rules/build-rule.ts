import { parseDuration } from '../duration.ts'
import { type Platform, PlatformError, parsePlatform } from '../image/platform.ts'
import type { ImageReference } from '../image/reference.ts'
import { nearestWord } from '../nearest.ts'
import { createStrategy } from '../policy/create-strategy.ts'
import { MissingTagError } from '../policy/digest.ts'
import { readStrategyName, STRATEGY_NAMES, type StrategyName } from '../policy/strategy-name.ts'
import { createTagFilter, type TagFilter, TagFilterError } from '../policy/tag-filter.ts'
import { comparedPart } from '../policy/tag-pattern.ts'
import { ConstraintError, parseConstraint } from '../version/constraint.ts'
import { type SettingName, TARGET_SETTINGS } from './annotation-keys.ts'
import { readControls } from './controls.ts'
import { ecrAccountProblem } from './image-list.ts'
import { codeOfValueError } from './lint/error-code.ts'
import { readManifestTargets } from './manifest-targets.ts'
import { checkPullSecret } from './pull-secret.ts'
import { attempt, fail, readingOf, type SettingProblem, warn } from './read-setting.ts'
import type { RulePermissions } from './rule-permissions.ts'
import type { ManifestTargets, RuleOrigin, RuleProblem, UpdateRule, WriteBack } from './update-rule.ts'
import { parseBoolean, ValueError } from './values.ts'
import { parseWriteBackMethod } from './write-back.ts'
import { entriesOf, type WrittenSetting, type WrittenSettings } from './written-settings.ts'

/** What one image's rule is made of. */
export interface RuleMaterial {
  readonly origin: RuleOrigin
  readonly alias: string
  readonly image: ImageReference
  /** Where the image and its constraint were written, for problems about them: `image-list`. */
  readonly imageSetting: WrittenSetting
  readonly settings: WrittenSettings
  /** What a setting is called where this rule is written: `app.update-strategy`, `--strategy`. */
  readonly nameOf: (setting: SettingName) => string
  /** Absent: they are among the settings. */
  readonly targets?: ManifestTargets
  /** Namespace of the object that carries the rule; '' when not known. */
  readonly namespace: string
  /** What the operator allows beyond the usual. */
  readonly permissions?: RulePermissions
  readonly writeBack: Omit<WriteBack, 'method' | 'written'>
}

/** What was probably meant as a tag and not as a range. */
const PLAIN_TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/
/** Shortest pause between two polls of one image, milliseconds: what a registry can be asked to bear. */
export const SHORTEST_POLL = 10_000
/** Timers overflow beyond 2^31 milliseconds. */
const LONGEST_POLL = 24 * 24 * 3_600_000

/**
 * Reads every setting of one image. A setting that cannot be used becomes a problem, and if any of them is an
 * error there is no rule: nothing is updated when in doubt.
 */
export function buildRule(material: RuleMaterial): { rule?: UpdateRule; problems: RuleProblem[] } {
  const { origin, alias, image, settings } = material
  const found: SettingProblem[] = []
  const read = readingOf(settings, found)

  const account = ecrAccountProblem(image)
  if (account) found.push(warn('ecr-account', material.imageSetting, account, 'Check the account id'))
  const strategy = settings.has('update-strategy')
    ? readStrategy(settings, found)
    : defaultStrategy(material, found)
  checkImage(material, strategy, found)
  const filter = readFilter(settings, found)
  const tagPattern = read('tag-pattern', checkedTagPattern, '')
  const platforms = read('platforms', (_, setting) => entriesOf(setting).map(knownPlatform), [])
  const forceUpdate = read('force-update', parseBoolean, false)
  const allowDowngrade = read('allow-downgrade', parseBoolean, false)
  const pinDigest = read('pin-digest', parseBoolean, false)
  const pollInterval = read('image-poll-interval', parsePollInterval, 0)
  const pullSecret = settings.get('pull-secret')
  const anyNamespace = material.permissions?.allowCrossNamespaceSecrets === true
  read('pull-secret', (text) => checkPullSecret(text, origin, anyNamespace ? '' : material.namespace), false)
  const targets =
    material.targets ??
    attempt(
      TARGET_SETTINGS.map((name) => settings.get(name)).find((setting) => setting !== undefined),
      () => readManifestTargets(settings),
      {},
      found,
    )
  const controls = readControls(settings, read)
  const writeBack = read('write-back-method', parseWriteBackMethod, parseWriteBackMethod(''))

  const problems = found.map((problem): RuleProblem => ({ origin, alias, ...problem }))
  if (found.some(({ severity }) => severity === 'error')) return { problems }
  const rule: UpdateRule = {
    origin,
    alias,
    image,
    strategy,
    filter,
    ...(tagPattern !== '' && { tagPattern }),
    platforms,
    forceUpdate,
    allowDowngrade,
    pinDigest,
    ...(pollInterval > 0 && { pollInterval }),
    ...(pullSecret !== undefined && { pullSecret: pullSecret.text }),
    targets,
    writeBack: { ...writeBack, ...material.writeBack },
    controls,
  }
  return { rule, problems }
}

function readStrategy(settings: WrittenSettings, found: SettingProblem[]): StrategyName {
  const setting = settings.get('update-strategy')
  const { name, spelling } = readStrategyName(setting?.text ?? '')
  if (setting === undefined || spelling === 'current') return name
  if (spelling === 'former') {
    const problem = `"${setting.text}" is the former name of the strategy ${name}`
    found.push(warn('deprecated-strategy', setting, problem, `Write ${name}`))
  } else {
    const nearest = nearestWord(setting.text.toLowerCase(), STRATEGY_NAMES)
    const remedy = nearest ? `Write ${nearest}` : `Write one of ${STRATEGY_NAMES.join(', ')}`
    found.push(fail('unknown-strategy', setting, `"${setting.text}" is not an update strategy`, remedy))
  }
  return name
}

/**
 * semver, as for argocd-image-updater. Where nobody named a strategy and the part after the colon is a plain
 * tag that no version range is made of (`app=repo1:tag1`), that tag is followed: semver could only fail.
 */
function defaultStrategy(
  { image, imageSetting, nameOf }: RuleMaterial,
  found: SettingProblem[],
): StrategyName {
  if (!PLAIN_TAG.test(image.tag) || isConstraint(image.tag)) return readStrategyName('').name
  const key = nameOf('update-strategy')
  const problem = `no strategy is named and "${image.tag}" is no version range: the tag is followed, as by digest`
  const remedy = `Write ${key}: digest, or a range such as 1.x after the colon`
  found.push(warn('no-strategy', imageSetting, problem, remedy))
  return 'digest'
}

function isConstraint(text: string): boolean {
  try {
    parseConstraint(text)
    return true
  } catch (error) {
    if (error instanceof ConstraintError) return false
    throw error
  }
}

/** The part after the colon must suit the strategy: a range for semver, a tag for digest. */
function checkImage(material: RuleMaterial, strategy: StrategyName, found: SettingProblem[]): void {
  const { image, imageSetting, nameOf } = material
  try {
    if (strategy === 'semver' && image.tag !== '') parseConstraint(image.tag)
    else createStrategy(strategy, { constraint: image.tag })
  } catch (error) {
    if (error instanceof ConstraintError && PLAIN_TAG.test(image.tag)) {
      const problem = `strategy semver needs a version constraint after the colon, and "${image.tag}" is none`
      const remedy = `Write a range such as 1.x or ~1.2, or set ${nameOf('update-strategy')} to digest to follow the tag "${image.tag}", or to newest-build to take the newest tag of all`
      found.push(fail('bad-constraint', imageSetting, problem, remedy))
    } else if (error instanceof ConstraintError || error instanceof MissingTagError) {
      found.push(fail(codeOfValueError(error), imageSetting, error.message, error.remedy))
    } else throw error
  }
  const ignoresTag = strategy === 'newest-build' || strategy === 'alphabetical'
  if (ignoresTag && image.tag !== '') {
    const problem = `strategy ${strategy} takes no constraint: ":${image.tag}" is ignored`
    found.push(
      warn(
        'ignored-constraint',
        imageSetting,
        problem,
        `Leave it out; ${nameOf('allow-tags')} and ${nameOf('ignore-tags')} limit which tags are considered`,
      ),
    )
  }
  if (image.digest !== '') {
    const problem = `a rule follows tags: "@${image.digest}" is ignored`
    found.push(warn('ignored-digest', imageSetting, problem, 'Leave it out'))
  }
}

function readFilter(settings: WrittenSettings, found: SettingProblem[]): TagFilter {
  const former = settings.get('tag-match')
  const allowTags = settings.get('allow-tags') ?? former
  const imageTagFilter = settings.get('image-tag-filter')
  const ignoreTags = settings.get('ignore-tags')
  if (former !== undefined) {
    const used =
      allowTags === former ? 'it is read as allow-tags' : 'it is ignored, because allow-tags is set'
    const problem = `tag-match is the former name of allow-tags: ${used}`
    found.push(warn('deprecated-key', former, problem, 'Write allow-tags'))
  }
  try {
    return createTagFilter({
      ...(allowTags && { allowTags: allowTags.text }),
      ...(imageTagFilter && { imageTagFilter: imageTagFilter.text }),
      ...(ignoreTags && { ignoreTags: entriesOf(ignoreTags) }),
    })
  } catch (error) {
    if (!(error instanceof TagFilterError)) throw error
    const guilty = { 'allow-tags': allowTags, 'image-tag-filter': imageTagFilter, 'ignore-tags': ignoreTags }
    const setting = guilty[error.setting] ?? { key: error.setting, text: '' }
    found.push(fail(codeOfValueError(error), setting, error.message, error.remedy))
    return createTagFilter()
  }
}

function checkedTagPattern(text: string): string {
  comparedPart(text)
  return text
}

/** A platform of which system and architecture are named. @throws PlatformError */
export function knownPlatform(text: string): Platform {
  const platform = parsePlatform(text)
  if (platform.os !== '' && platform.architecture !== '') return platform
  throw new PlatformError(
    `"${text}" is not a platform`,
    'Write os/arch or os/arch/variant, for example linux/amd64',
  )
}

function parsePollInterval(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds >= SHORTEST_POLL && milliseconds <= LONGEST_POLL) return milliseconds
  throw new ValueError(`a poll interval of "${text}" is out of range`, 'Write at least 10s and at most 576h')
}
