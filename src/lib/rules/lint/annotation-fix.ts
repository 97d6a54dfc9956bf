import { splitImageListEntry } from '../../image/image-list-entry.ts'
import { editDistance } from '../../nearest.ts'
import { readStrategyName } from '../../policy/strategy-name.ts'
import { ANNOTATION_PREFIX } from '../annotation-keys.ts'
import { type AnnotatedObject, readAnnotationRules } from '../annotations.ts'
import { nearKeys } from '../unread-keys.ts'
import type { Annotations } from '../written-settings.ts'
import { annotationSpelling } from './annotation-spelling.ts'
import { findingOfProblem, type LintFinding } from './finding.ts'

/** Annotations to put and to take away, by full name. */
export interface AnnotationFix {
  readonly set: Readonly<Record<string, string>>
  readonly remove: readonly string[]
}

/** By key without prefix: the text it should have, or null to take it away. */
type Rewrite = Readonly<Record<string, string | null>>

const KEYWORD = 'regexp'
/** One repair reveals the next: a key, then its value, then the blanks around it. More is not there to reveal. */
const MOST_ROUNDS = 5

/** Whether a finding can be put right without a person's decision. */
export function isMechanical(finding: LintFinding, { metadata }: AnnotatedObject): boolean {
  return rewriteFor(finding, metadata.annotations ?? {}) !== undefined
}

/**
 * Everything about an Application's annotations that can be put right without a person's decision: a key
 * that is close to exactly one other, former names, a missing keyword, stray blanks.
 *
 * @returns undefined when there is nothing to repair
 */
export function fixAnnotations(object: AnnotatedObject): AnnotationFix | undefined {
  const before = object.metadata.annotations ?? {}
  let annotations = before
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const after = repaired({ metadata: { ...object.metadata, annotations } })
    if (after === annotations) break
    annotations = after
  }
  const set = Object.entries(annotations).filter(([name, value]) => before[name] !== value)
  const remove = Object.keys(before).filter((name) => !Object.hasOwn(annotations, name))
  return set.length + remove.length === 0 ? undefined : { set: Object.fromEntries(set), remove }
}

/** The annotations after a repair of all that can be seen now; the same object where there is nothing. */
function repaired(object: AnnotatedObject): Annotations {
  const findings = [
    ...annotationSpelling(object),
    ...readAnnotationRules(object).problems.map(findingOfProblem),
  ]
  return findings.reduce((annotations, finding) => {
    const rewrite = rewriteFor(finding, annotations)
    return rewrite === undefined ? annotations : rewritten(annotations, rewrite)
  }, object.metadata.annotations ?? {})
}

function rewriteFor(finding: LintFinding, annotations: Annotations): Rewrite | undefined {
  const { code, key, origin } = finding
  const value = annotations[`${ANNOTATION_PREFIX}${key}`]
  if (origin.kind !== 'annotation' || value === undefined) return undefined
  const text = value.trim()
  switch (code) {
    case 'stray-blanks':
      return { [key]: text }
    case 'deprecated-strategy':
      return { [key]: readStrategyName(text).name }
    case 'allow-tags-keyword':
      return withKeyword(key, text)
    case 'deprecated-key':
      return renamed(annotations, key, key.replace(/tag-match$/, 'allow-tags'), value) ?? { [key]: null }
    case 'misspelt-key':
    case 'misspelt-protection': {
      const [only, ...others] = nearKeys(key, aliasesOf(annotations))
      return only === undefined || others.length > 0 ? undefined : renamed(annotations, key, only, value)
    }
    default:
      return undefined
  }
}

/** `regexp:` before a pattern without keyword, and in the place of one that is nearly it. */
function withKeyword(key: string, text: string): Rewrite | undefined {
  const colon = text.indexOf(':')
  if (colon < 0) return { [key]: `${KEYWORD}:${text}` }
  const near = editDistance(text.slice(0, colon).toLowerCase(), KEYWORD) <= 2
  return near ? { [key]: `${KEYWORD}${text.slice(colon)}` } : undefined
}

/** undefined where the other name is taken already: only a person knows which of the two is meant. */
function renamed(annotations: Annotations, from: string, to: string, value: string): Rewrite | undefined {
  const taken = annotations[`${ANNOTATION_PREFIX}${to}`]?.trim()
  return taken ? undefined : { [to]: value, [from]: null }
}

function rewritten(annotations: Annotations, rewrite: Rewrite): Annotations {
  const after: Record<string, string> = { ...annotations }
  for (const [key, value] of Object.entries(rewrite)) {
    if (value === null) delete after[`${ANNOTATION_PREFIX}${key}`]
    else after[`${ANNOTATION_PREFIX}${key}`] = value
  }
  return after
}

function aliasesOf(annotations: Annotations): readonly string[] {
  const list = annotations[`${ANNOTATION_PREFIX}image-list`] ?? ''
  return list.split(',').map((entry) => splitImageListEntry(entry).alias)
}
