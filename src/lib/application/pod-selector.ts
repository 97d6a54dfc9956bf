import type { KubernetesObject } from './kubernetes-object.ts'
import { ObjectField } from './object-field.ts'

/**
 * A workload's `spec.selector` in the form a list request takes: `app=web,tier in (a,b),!canary`.
 *
 * @throws MalformedFieldError when the selector has the wrong shape, or is empty: that would be every Pod
 *   of the namespace.
 */
export function podSelector(workload: KubernetesObject): string {
  const owner = `${workload.kind?.toLowerCase() ?? 'workload'}/${workload.metadata.name}`
  const selector = new ObjectField(owner, workload).member('spec').member('selector')
  const labels = selector.member('matchLabels')
  const equalities = Object.keys(labels.members() ?? {}).map((key) => `${key}=${labels.member(key).text()}`)
  const expressions = selector.member('matchExpressions').items().map(expressionText)
  const terms = [...equalities, ...expressions]
  if (terms.length === 0) throw selector.malformed('a selector of labels')
  return terms.join(',')
}

function expressionText(expression: ObjectField): string {
  const key = expression.member('key').text()
  const operator = expression.member('operator').text()
  const values = expression
    .member('values')
    .items()
    .map((value) => value.text())
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(',')})`
    case 'NotIn':
      return `${key} notin (${values.join(',')})`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
    default:
      throw expression.member('operator').malformed('In, NotIn, Exists or DoesNotExist')
  }
}
