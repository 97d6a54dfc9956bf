import { UserError } from '../errors.ts'
import { parseImageListEntry } from '../image/image-list-entry.ts'
import { withTag } from '../image/reference.ts'
import type { SettingName } from './annotation-keys.ts'
import { buildRule } from './build-rule.ts'
import type { RuleProblem, UpdateRule } from './update-rule.ts'
import type { WrittenSetting } from './written-settings.ts'

/** The flags that describe a rule, as given; absent ones were not given. */
export interface RuleFlags {
  readonly strategy?: string
  readonly constraint?: string
  readonly allowTags?: string
  readonly ignoreTags?: readonly string[]
  readonly tagFilter?: string
  readonly platforms?: readonly string[]
  readonly tagPattern?: string
  readonly pinDigest?: boolean
}

export class RuleFlagError extends UserError {}

/**
 * The same rule that annotations would make, from flags. `image` may carry a constraint after its colon;
 * `--constraint` takes its place.
 *
 * @returns the rule, and warnings about it.
 * @throws RuleFlagError naming the flag that is wrong, or ImageReferenceError.
 */
export function readFlagRule(
  imageText: string,
  flags: RuleFlags,
): { rule: UpdateRule; warnings: RuleProblem[] } {
  const { image } = parseImageListEntry(imageText)
  const { constraint } = flags
  const built = buildRule({
    origin: { kind: 'flag', object: '' },
    alias: '',
    image: constraint === undefined ? image : withTag(image, constraint),
    imageSetting:
      constraint === undefined
        ? { key: 'image', text: imageText }
        : { key: '--constraint', text: constraint },
    settings: writtenFlags(flags),
    nameOf: (setting) => FLAG_NAMES[setting] ?? setting,
    namespace: '',
    writeBack: {},
  })
  const error = built.problems.find(({ severity }) => severity === 'error')
  if (built.rule !== undefined) return { rule: built.rule, warnings: built.problems }
  throw new RuleFlagError(`${error?.key}: ${error?.problem}`, error?.remedy)
}

const FLAG_NAMES: Partial<Readonly<Record<SettingName, string>>> = {
  'update-strategy': '--strategy',
  'allow-tags': '--allow-tags',
  'ignore-tags': '--ignore-tags',
  'image-tag-filter': '--tag-filter',
  platforms: '--platforms',
  'tag-pattern': '--tag-pattern',
  'pin-digest': '--pin-digest',
}

function writtenFlags(flags: RuleFlags): Map<SettingName, WrittenSetting> {
  const written = new Map<SettingName, WrittenSetting>()
  const put = (name: SettingName, text: string | undefined): void => {
    if (text !== undefined && text !== '') written.set(name, { key: FLAG_NAMES[name] ?? name, text })
  }
  put('update-strategy', flags.strategy)
  put('allow-tags', flags.allowTags)
  put('ignore-tags', flags.ignoreTags?.join(','))
  put('image-tag-filter', flags.tagFilter)
  put('platforms', flags.platforms?.join(','))
  put('tag-pattern', flags.tagPattern)
  put('pin-digest', flags.pinDigest === undefined ? undefined : String(flags.pinDigest))
  return written
}
