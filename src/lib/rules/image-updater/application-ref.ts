import { UserError } from '../../errors.ts'
import { type Glob, parseGlob } from '../../policy/glob.ts'
import { type LabelSelector, type Labels, readLabelSelector } from './label-selector.ts'
import type { ResourceField } from './resource-field.ts'

/** Which Applications an item of `spec.applicationRefs` is about. */
export interface ApplicationMatcher {
  readonly namePattern: string
  /** The more specific of two items that match an Application is used. */
  readonly specificity: number
  matches(name: string, labels: Labels): boolean
}

const EXACT = 1_000_000
const SELECTED = 10_000
const REQUIREMENT = 100

/**
 * argocd-image-updater's score: an exact name beats every pattern, a label selector beats every longer
 * pattern, each label in it and each literal character counts.
 *
 * @param requirements labels and expressions of the selector; undefined when there is no selector
 */
export function specificityOf(namePattern: string, requirements: number | undefined): number {
  const exact = /[*?[\]]/.test(namePattern) ? 0 : EXACT
  const literal = namePattern.replace(/\[[^\]]*\]|[*?[\]]/g, '').length
  const selected = requirements === undefined ? 0 : SELECTED + REQUIREMENT * requirements
  return exact + literal + selected
}

/** The most specific first; equally specific ones keep their order. */
export function bySpecificity<Item extends { readonly specificity: number }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => b.specificity - a.specificity)
}

/**
 * Reads name pattern and label selector. One that cannot be read matches no Application, which is told once.
 *
 * @param labelSelectors absent: Applications with any labels
 */
export function readMatcher(namePattern: ResourceField, labelSelectors: ResourceField): ApplicationMatcher {
  const text = namePattern.withFaults(namePattern.notes.remarks).text()
  const pattern = text ?? ''
  if (namePattern.absent || text === '') {
    namePattern.remark(
      'error',
      'there is no pattern, so no Application matches',
      'Write a name such as shop, or shop-*',
    )
  }
  const glob = readGlob(pattern, namePattern)
  const selector = labelSelectors.absent ? ANY : readLabelSelector(labelSelectors)
  return {
    namePattern: pattern,
    specificity: specificityOf(pattern, selector === ANY ? undefined : selector?.requirements),
    matches: (name, labels) => Boolean(glob?.matches(name) && selector?.matches(labels)),
  }
}

const ANY: LabelSelector = { matches: () => true, requirements: 0 }

function readGlob(pattern: string, field: ResourceField): Glob | undefined {
  try {
    return parseGlob(pattern)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    field.remark('error', `${error.message}, so no Application matches`, error.remedy)
    return undefined
  }
}
