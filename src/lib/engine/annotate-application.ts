import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { readAnnotationRules } from '../rules/annotations.ts'
import type { RuleAnswers } from '../rules/rule-answers.ts'
import type { RuleProblem, UpdateRule } from '../rules/update-rule.ts'
import { writeAnnotations } from '../rules/write-annotations.ts'
import { annotatedObject, annotationWrite } from '../writeback/annotation-write.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import { shadowProblems } from './annotate-resource.ts'
import { rivalProblems, targetProblems } from './annotated-targets.ts'
import type { ApplicationStore } from './application-store.ts'

/** One Application with its new rule, and what is written for it; no write where it says so already. */
export interface AnnotationPlan {
  readonly application: Application
  readonly annotated: Application
  readonly rule: UpdateRule | undefined
  /** What a person should know before a yes. */
  readonly warnings: readonly RuleProblem[]
  readonly write: ObjectWrite | undefined
}

/**
 * Plans the annotations of one Application.
 *
 * @param imageUpdaters those of its namespace, beside which annotations may not be read
 * @throws UserError when the rule would not work here, or the file with the Application cannot be edited so
 */
export function planAnnotation(
  store: ApplicationStore,
  application: Application,
  answers: RuleAnswers,
  imageUpdaters: readonly KubernetesObject[],
): AnnotationPlan {
  const change = writeAnnotations(application, answers)
  const annotated = annotatedObject(application, change)
  const rules = readAnnotationRules(annotated)
  const rule = rules.rules.find(({ alias }) => alias === answers.alias)
  const write = annotationWrite(application, change)
  // Asked for its refusal: an edit that cannot be shown must not keep other Applications from theirs.
  if (write) store.textOf(write)
  return {
    annotated,
    application,
    rule,
    warnings: [
      ...change.warnings,
      ...(rule ? targetProblems(annotated, rule) : []),
      ...rivalProblems(annotated, rules, answers.alias),
      ...shadowProblems(application, imageUpdaters, answers.alias),
    ],
    write,
  }
}
