import type { ApplicationExplanation } from '../engine/explanation.ts'
import type { NextStep } from '../engine/next-steps.ts'
import { formatImageReference } from '../image/reference.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { Paint } from './colour.ts'
import { printable } from './escape.ts'
import { decisionFacts } from './explained-decision.ts'
import { ruleFacts } from './explained-rule.ts'
import { runningFacts, UNTOLD } from './explained-running.ts'
import { tagFacts } from './explained-tags.ts'
import { type Fact, renderFacts } from './facts.ts'
import { shortenMiddle } from './shorten.ts'

export interface ExplanationView {
  /** Columns of the terminal; Infinity where it is none. */
  readonly width: number
  readonly paint: Paint
  readonly context: string
  readonly now: Date
  /** A verdict on every tag. */
  readonly all: boolean
}

/** The title goes no further to the right, however wide the terminal is. */
const TITLE_WIDTH = 80

/** The whole story of each image on a screen of its own. */
export function renderExplanations(
  explanations: readonly ApplicationExplanation[],
  view: ExplanationView,
): string {
  return explanations.flatMap((explanation) => screens(explanation, view)).join('\n')
}

function screens(explanation: ApplicationExplanation, view: ExplanationView): string[] {
  const { images } = explanation
  if (images.length === 0) {
    const facts = [...withoutRuleFacts(explanation), ...nextFacts(explanation.next)]
    return [title(explanation, '', view) + renderFacts(facts, view.width, view.paint)]
  }
  return images.map((image, index) => {
    const warnings = [...(index === 0 ? explanation.warnings : []), ...image.warnings]
    const facts = [
      ...ruleFacts(image),
      ...warningFacts(warnings),
      ...runningFacts(image, explanation),
      ...tagFacts(image, view),
      ...decisionFacts(image, explanation),
      ...nextFacts(image.next),
    ]
    return title(explanation, image.name, view) + renderFacts(facts, view.width, view.paint)
  })
}

function title({ application, file }: ApplicationExplanation, image: string, view: ExplanationView): string {
  const { name, namespace = '' } = application.metadata
  const subject = printable(image === '' ? name : `${name} · ${image}`)
  const place = printable(
    file ? `file ${file.file}:${file.line}` : `context ${view.context}, namespace ${namespace}`,
  )
  const gap = Math.min(TITLE_WIDTH, view.width) - [...subject].length - [...place].length
  const bold = view.paint('bold', subject)
  return gap >= 2 ? `${bold}${' '.repeat(gap)}${place}\n` : `${bold}\n${shortenMiddle(place, view.width)}\n`
}

function withoutRuleFacts({ file, live, argo, warnings }: ApplicationExplanation): Fact[] {
  const withoutRule: Fact = {
    label: 'Rule',
    lines: [{ style: 'yellow', text: 'none: no image of this Application is kept up to date' }],
  }
  const images = live.map((image) => ({ text: formatImageReference(image) }))
  const none = { text: 'no image: status.summary.images of the Application is empty' }
  if (file) return [withoutRule, ...warningFacts(warnings), { label: 'Running', lines: [{ text: UNTOLD }] }]
  const state = argo.sync === '' ? 'not compared yet' : [argo.sync, argo.health].filter(Boolean).join(', ')
  return [
    withoutRule,
    ...warningFacts(warnings),
    { label: 'Running', lines: images.length > 0 ? images : [none] },
    { label: 'Argo CD', lines: [{ text: state }] },
  ]
}

function warningFacts(warnings: readonly RuleProblem[]): Fact[] {
  if (warnings.length === 0) return []
  return [
    {
      label: 'Warnings',
      lines: warnings.map(({ key, value, problem, remedy }) => ({
        style: 'yellow' as const,
        text: `${key} ${JSON.stringify(value)}: ${problem}${remedy && `. ${remedy}`}`,
      })),
    },
  ]
}

function nextFacts(steps: readonly NextStep[]): Fact[] {
  if (steps.length === 0) return []
  const lines = steps.flatMap(({ command, purpose }) =>
    command === ''
      ? [{ text: purpose }]
      : [
          { text: command, whole: true },
          { lead: '  ', style: 'dim' as const, text: purpose },
        ],
  )
  return [{ label: 'Next', lines }]
}
