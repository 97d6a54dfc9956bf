import { ANNOTATION_PREFIX } from '../../../src/lib/rules/annotation-keys.ts'
import type { AnnotatedObject } from '../../../src/lib/rules/annotations.ts'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { annotationSpelling } from '../../../src/lib/rules/lint/annotation-spelling.ts'
import { findingOfProblem, type LintFinding } from '../../../src/lib/rules/lint/finding.ts'

/** Application argocd/shop with these annotations, prefix left out. */
export function annotated(rules: Readonly<Record<string, string>>): AnnotatedObject {
  const annotations = Object.entries(rules).map(([key, text]) => [`${ANNOTATION_PREFIX}${key}`, text])
  return { metadata: { name: 'shop', namespace: 'argocd', annotations: Object.fromEntries(annotations) } }
}

/** Everything that is found without a world. */
export function findingsOf(rules: Readonly<Record<string, string>>): LintFinding[] {
  const object = annotated(rules)
  return [...readAnnotationRules(object).problems.map(findingOfProblem), ...annotationSpelling(object)]
}
