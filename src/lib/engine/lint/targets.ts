import { readImageText } from '../../application/image-text.ts'
import { liveImages } from '../../application/live-images.ts'
import { helmParameterNames } from '../../application/override/helm.ts'
import { type ChosenSource, chooseSource } from '../../application/source-choice.ts'
import { sameRepository } from '../../image/reference.ts'
import { nearestWord } from '../../nearest.ts'
import type { SettingName } from '../../rules/annotation-keys.ts'
import type { LintFinding } from '../../rules/lint/finding.ts'
import { helmParameters } from '../helm-parameters.ts'
import type { ManagedImage } from '../managed-image.ts'
import { keyOf, settingFinding } from './rule-finding.ts'

/** Findings about where in the Application a rule wants its image. @throws MalformedFieldError */
export function targetFindings(image: ManagedImage): LintFinding[] {
  const { application, rule } = image
  const source = chooseSource(application, rule.writeBack, rule.targets)
  if (source.sourceType === '') return []
  if (source.overrideType === 'Helm') return [...outsideSource(image, source), ...helmNames(image, source)]
  if (source.overrideType === 'Kustomize')
    return [...outsideSource(image, source), ...kustomizeName(image, source)]
  return outsideSource(image, source)
}

/** The targets as written, each with the type of source that has them. */
function writtenTargets({
  rule,
}: ManagedImage): (readonly [SettingName, string, ChosenSource['overrideType']])[] {
  const { helm = {}, kustomize } = rule.targets
  const all = [
    ['helm.image-name', helm.name, 'Helm'],
    ['helm.image-tag', helm.tag, 'Helm'],
    ['helm.image-spec', helm.spec, 'Helm'],
    ['kustomize.image-name', kustomize?.name, 'Kustomize'],
  ] as const
  return all.flatMap(([setting, value, type]) =>
    value === undefined ? [] : [[setting, value, type] as const],
  )
}

function outsideSource(
  image: ManagedImage,
  { field, overrideType, sourceType }: ChosenSource,
): LintFinding[] {
  return writtenTargets(image)
    .filter(([, , type]) => type !== overrideType)
    .map(([setting, value, type]) =>
      settingFinding(image.rule, setting, value, {
        severity: 'warning',
        code: 'target-outside-source',
        problem: `it names a target of ${type}, and ${field.path} is rendered by ${sourceType}: it has no effect`,
        remedy: 'Remove it',
      }),
    )
}

/**
 * Helm parameters that the Application does not know. A chart may know more than the Application sets, so
 * only names that resemble or stand beside a known one are told.
 */
function helmNames({ rule }: ManagedImage, { field }: ChosenSource): LintFinding[] {
  const known = helmParameters(field)
  if (known.length === 0) return []
  const names = helmParameterNames(rule.targets.helm)
  const settings = [
    ['helm.image-name', names.name, REPOSITORY],
    ['helm.image-tag', names.tag, TAG],
    ['helm.image-spec', names.spec, NEVER],
  ] as const
  const free = known.filter((name) => !Object.values(names).includes(name))
  return settings.flatMap(([setting, name, usual]) => {
    if (name === '' || known.includes(name)) return []
    const parent = name.slice(0, name.lastIndexOf('.') + 1)
    const beside = free.find((other) => parent !== '' && other.startsWith(parent) && usual.test(other))
    const near = nearestWord(name, free) ?? beside
    if (near === undefined) return []
    const isDefault = rule.targets.helm === undefined
    const problem = `${field.path}.helm sets ${near} and no parameter ${name}${isDefault ? ', which is written unless another is named' : ''}`
    const remedy = `Did you mean ${keyOf(rule, setting)}: ${near}?`
    return [
      settingFinding(rule, setting, isDefault ? '' : name, {
        severity: 'warning',
        code: 'unknown-helm-parameter',
        problem,
        remedy,
      }),
    ]
  })
}

/** What charts usually call the parameter. */
const REPOSITORY = /\.(?:repository|repo|image|name)$/
const TAG = /\.(?:tag|version)$/
const NEVER = /(?!)/
function kustomizeName({ application, rule }: ManagedImage, { field }: ChosenSource): LintFinding[] {
  const name = rule.targets.kustomize?.name
  const original = name === undefined ? undefined : readImageText(name)
  if (name === undefined || original === undefined) return []
  const live = liveImages(application)
  const entries = field
    .member('kustomize')
    .member('images')
    .items()
    .map((entry) => entry.text())
  if (live.length === 0) return []
  const overridden = entries.some((entry) => entry.split('=', 1)[0] === name)
  if (overridden || live.some((other) => sameRepository(other, original))) return []
  if (live.some((other) => sameRepository(other, rule.image))) return []
  return [
    settingFinding(rule, 'kustomize.image-name', name, {
      severity: 'warning',
      code: 'kustomize-image-unknown',
      problem: `neither ${field.path}.kustomize.images nor what runs has an image "${name}"`,
      remedy: 'Write the name that the base uses, without tag',
    }),
  ]
}
