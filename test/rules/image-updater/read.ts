import { parse } from 'yaml'
import { ANNOTATION_PREFIX } from '../../../src/lib/rules/annotation-keys.ts'
import {
  type RuledApplication,
  readApplicationRules,
} from '../../../src/lib/rules/image-updater/application-rules.ts'
import { type ImageUpdater, readImageUpdater } from '../../../src/lib/rules/image-updater/image-updater.ts'
import type { RuleProblem, RuleSet } from '../../../src/lib/rules/update-rule.ts'

/** The resource argocd/NAME with a spec as people write it. */
export function imageUpdater(spec: string, name = 'updater', namespace = 'argocd'): ImageUpdater {
  return readImageUpdater({ metadata: { name, namespace }, spec: parse(spec) })
}

/** An Application of namespace argocd; annotations without their prefix. */
export function application(
  name: string,
  {
    labels = {},
    annotations = {},
  }: { labels?: Record<string, string>; annotations?: Record<string, string> } = {},
): RuledApplication {
  const prefixed = Object.entries(annotations).map(([key, text]) => [`${ANNOTATION_PREFIX}${key}`, text])
  return { metadata: { name, namespace: 'argocd', labels, annotations: Object.fromEntries(prefixed) } }
}

/** The rules of Application argocd/shop by one resource. */
export function shopRules(spec: string): RuleSet {
  return readApplicationRules(application('shop'), [imageUpdater(spec)])
}

/** A problem in one line, as people read it. */
export function line({ severity, key, value, problem }: RuleProblem): string {
  return `${severity} ${key} ${JSON.stringify(value)}: ${problem}`
}
