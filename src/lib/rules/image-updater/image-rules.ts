import { UserError } from '../../errors.ts'
import { type ImageReference, parseImageReference } from '../../image/reference.ts'
import type { SettingName } from '../annotation-keys.ts'
import { buildRule } from '../build-rule.ts'
import type { RulePermissions } from '../rule-permissions.ts'
import type { RuleOrigin, RuleProblem, RuleSet, UpdateRule } from '../update-rule.ts'
import { mergeSettings, type WrittenSettings } from '../written-settings.ts'
import { readVerification, type Verification, verificationProblem } from './images-verification.ts'
import { readTargets } from './manifest-targets.ts'
import type { FieldProblem, ResourceField } from './resource-field.ts'
import { readUpdateSettings, UPDATE_SETTINGS, withoutEmpty } from './update-settings.ts'
import { type WriteBackConfig, writeBackPlace } from './write-back-config.ts'

/** What holds for every image of an item of `spec.applicationRefs`. */
export interface ImageDefaults {
  readonly origin: RuleOrigin
  readonly namespace: string
  readonly permissions: RulePermissions
  readonly settings: WrittenSettings
  readonly writeBack: WriteBackConfig
  readonly verification: Verification
}

const ALIAS = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/

/** The rules of `applicationRefs[].images`. What is wrong with an image stops that image only. */
export function readImageRules(images: ResourceField, defaults: ImageDefaults): RuleSet {
  const aliases = new Set<string>()
  const rules: UpdateRule[] = []
  const problems: RuleProblem[] = []
  for (const item of images.items()) {
    const faults: FieldProblem[] = []
    const read = readImage(item.withFaults(faults), defaults, aliases)
    const origin = { ...defaults.origin, field: item.path }
    for (const fault of faults) problems.push({ origin, alias: read.alias, ...fault })
    problems.push(...read.problems)
    if (read.rule && faults.length === 0) rules.push(read.rule)
  }
  return { problems, rules }
}

interface ReadImage {
  readonly alias: string
  readonly rule?: UpdateRule
  readonly problems: readonly RuleProblem[]
}

function readImage(item: ResourceField, defaults: ImageDefaults, aliases: Set<string>): ReadImage {
  const parts = item.members([
    'alias',
    'imageName',
    'commonUpdateSettings',
    'imagesVerification',
    'manifestTargets',
  ])
  if (parts === undefined) return { alias: '', problems: [] }
  const alias = readAlias(parts.alias, aliases)
  const image = readImageName(parts.imageName)
  const settings = mergeSettings(defaults.settings, readUpdateSettings(parts.commonUpdateSettings))
  const targets = readTargets(parts.manifestTargets)
  const verification = readVerification(parts.imagesVerification, defaults.verification)
  if (image === undefined || alias === '') return { alias, problems: [] }
  const { method } = defaults.writeBack
  const origin = { ...defaults.origin, field: item.path }
  const { rule, problems } = buildRule({
    origin,
    alias,
    image,
    imageSetting: { key: parts.imageName.path, text: String(parts.imageName.value) },
    settings: withoutEmpty(method ? new Map([...settings, ['write-back-method', method]]) : settings),
    nameOf: (setting) => fieldName(setting, parts.commonUpdateSettings.path),
    targets,
    namespace: defaults.namespace,
    permissions: defaults.permissions,
    writeBack: writeBackPlace(defaults.writeBack),
  })
  const unverified = verificationProblem(verification, { origin, alias })
  if (unverified) return { alias, problems: [...problems, unverified] }
  return { alias, problems, ...(rule && { rule }) }
}

function readAlias(field: ResourceField, aliases: Set<string>): string {
  const alias = field.text() ?? ''
  if (aliases.has(alias)) field.fault('the alias is used for two images', 'Give every image its own alias')
  else if (!ALIAS.test(alias)) {
    field.fault(
      'this is not an alias',
      'Write letters, digits, ".", "_" and "-", beginning with a letter or digit',
    )
  } else aliases.add(alias)
  return ALIAS.test(alias) ? alias : ''
}

function readImageName(field: ResourceField): ImageReference | undefined {
  const text = field.text()?.trim() ?? ''
  if (text === '') {
    field.fault('no image is named', 'Write registry/repository, and a version constraint after a colon')
    return undefined
  }
  try {
    return parseImageReference(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    field.fault(error.message, error.remedy)
    return undefined
  }
}

function fieldName(setting: SettingName, path: string): string {
  const field = Object.entries(UPDATE_SETTINGS).find(([, name]) => name === setting)?.[0]
  return `${path}.${field ?? setting}`
}
