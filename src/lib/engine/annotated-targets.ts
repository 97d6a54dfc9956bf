import type { Application } from '../application/application.ts'
import { helmParameterNames } from '../application/override/helm.ts'
import { type ChosenSource, chooseSource } from '../application/source-choice.ts'
import { nearestWord } from '../rules/nearest.ts'
import type { RuleProblem, UpdateRule } from '../rules/update-rule.ts'
import { helmParameters } from './helm-parameters.ts'
import { keyOf } from './lint/rule-finding.ts'
import { targetFindings } from './lint/targets.ts'

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
  if (known.length === 0 || rule.targets.helm === undefined) return found
  const names = helmParameterNames(rule.targets.helm)
  const settings = [
    ['helm.image-name', names.name, rule.targets.helm.name],
    ['helm.image-tag', names.tag, rule.targets.helm.tag],
    ['helm.image-spec', names.spec, rule.targets.helm.spec],
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
        remedy: `It sets ${known.slice(0, NAMED).join(', ')}${known.length > NAMED ? ', …' : ''}; a chart may know more`,
      },
    ]
  })
  return [...found, ...unknown]
}

function nearText(name: string, known: readonly string[]): string {
  const near = nearestWord(name, known)
  return near === undefined ? '' : `, and ${near} is near`
}
