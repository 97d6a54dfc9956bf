import type { Application } from '../application/application.ts'
import { helmParameterNames } from '../application/override/helm.ts'
import { type ChosenSource, chooseSource } from '../application/source-choice.ts'
import { nearestWord } from '../nearest.ts'
import type { RuleProblem, RuleSet, UpdateRule } from '../rules/update-rule.ts'
import { helmParameters } from './helm-parameters.ts'
import { keyOf } from './lint/rule-finding.ts'
import { targetFindings } from './lint/targets.ts'
import { withoutSharedPlaces } from './shared-places.ts'

const NAMED = 8

/** Where an Application takes its images, as far as questions about a rule need to know. */
export interface ImageTargets {
  readonly overrideType: ChosenSource['overrideType']
  /** The parameters that the Helm source sets, in their order; a chart may know more. */
  readonly helmParameters: readonly string[]
}

/** @throws MalformedFieldError naming the field that has the wrong shape */
export function imageTargets(application: Application, rule?: UpdateRule): ImageTargets {
  const { field, overrideType } = chooseSource(application, rule?.writeBack, rule?.targets)
  return { overrideType, helmParameters: overrideType === 'Helm' ? helmParameters(field) : [] }
}

/** What charts usually call a parameter that takes an image. */
const OF_AN_IMAGE = /(?:^|\.)(?:image|repository|repo|tag)(?:\.|$)/i

/**
 * What is doubtful about the places that a new rule writes to: what `lint` would say, and beyond it every
 * Helm parameter that the rule names and the Application does not set, with those that it does.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape
 */
export function targetProblems(application: Application, rule: UpdateRule): RuleProblem[] {
  const found = targetFindings({ application, key: '', rule }).map(
    (finding): RuleProblem => ({ ...finding, severity: 'warning' }),
  )
  const { helmParameters: known } = imageTargets(application, rule)
  if (known.length === 0) return found
  const { helm } = rule.targets
  if (helm === undefined) return found.length > 0 ? found : unnamed(rule, known)
  const names = helmParameterNames(helm)
  const settings = [
    ['helm.image-name', names.name, helm.name],
    ['helm.image-tag', names.tag, helm.tag],
    ['helm.image-spec', names.spec, helm.spec],
  ] as const
  const unknown = settings.flatMap(([setting, name, written]): RuleProblem[] => {
    const key = keyOf(rule, setting)
    if (written === undefined || name === '' || known.includes(name)) return []
    if (found.some((problem) => problem.key === key)) return []
    return [
      {
        severity: 'warning',
        code: 'unknown-helm-parameter',
        origin: rule.origin,
        alias: rule.alias,
        key,
        value: name,
        problem: `the Application sets no such parameter${nearText(name, known)}`,
        remedy: `It sets ${listed(known)}; a chart may know more`,
      },
    ]
  })
  return [...found, ...unknown]
}

/** What would write the same place of the Application as this rule in turn, so that `check` would refuse both. */
export function rivalProblems(application: Application, rules: RuleSet, alias: string): RuleProblem[] {
  return withoutSharedPlaces(application, { problems: [], rules: rules.rules })
    .problems.filter((problem) => problem.alias === alias)
    .map((problem) => ({ ...problem, severity: 'warning' }))
}

/** A rule without names writes the usual ones, which may be none of this chart. */
function unnamed(rule: UpdateRule, known: readonly string[]): RuleProblem[] {
  const { name, tag } = helmParameterNames()
  const ofImages = known.filter((parameter) => OF_AN_IMAGE.test(parameter))
  if (ofImages.length === 0 || known.includes(name) || known.includes(tag)) return []
  return [
    {
      severity: 'warning',
      code: 'unknown-helm-parameter',
      origin: rule.origin,
      alias: rule.alias,
      key: keyOf(rule, 'helm.image-name'),
      value: '',
      problem: `no Helm parameter is named, so ${name} and ${tag} are written, and the Application sets neither`,
      remedy: `It sets ${listed(ofImages)}; name those that take the image`,
    },
  ]
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ', …' : ''}`
}

function nearText(name: string, known: readonly string[]): string {
  const near = nearestWord(name, known)
  return near === undefined ? '' : `, and ${near} is near`
}
