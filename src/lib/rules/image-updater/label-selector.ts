import type { FieldProblem, ResourceField } from './resource-field.ts'

export type Labels = Readonly<Record<string, string>>

/** A metav1.LabelSelector, ready to be asked. */
export interface LabelSelector {
  /** How many labels and expressions it has. */
  readonly requirements: number
  matches(labels: Labels): boolean
}

type Requirement = (labels: Labels) => boolean

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/
const PREFIX = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

/**
 * Reads a label selector by Kubernetes' rules: every label and every expression must hold, `NotIn` holds
 * where the label is absent, and an empty selector matches everything.
 *
 * @returns undefined when anything of it is faulty: then it matches nothing, which is told once.
 */
export function readLabelSelector(field: ResourceField): LabelSelector | undefined {
  const faults: FieldProblem[] = []
  const parts = field.withFaults(faults).members(['matchLabels', 'matchExpressions'])
  const requirements: Requirement[] = []
  for (const [key, value] of parts?.matchLabels.textMap() ?? []) {
    checkLabel(parts?.matchLabels, key, [value])
    requirements.push((labels) => labelOf(labels, key) === value)
  }
  for (const item of parts?.matchExpressions.items() ?? []) requirements.push(readExpression(item))
  if (parts !== undefined && faults.length === 0) {
    return {
      matches: (labels) => requirements.every((holds) => holds(labels)),
      requirements: requirements.length,
    }
  }
  field.notes.remarks.push(
    ...faults.map((fault) => ({ ...fault, problem: `${fault.problem}, so the selector matches nothing` })),
  )
  return undefined
}

function readExpression(item: ResourceField): Requirement {
  const parts = item.members(['key', 'operator', 'values'])
  const key = parts?.key.text() ?? ''
  const values = parts?.values.texts() ?? []
  const operator = OPERATORS.find((known) => known === parts?.operator.text())
  if (parts === undefined) return () => false
  checkLabel(parts.key, key, values)
  const takesValues = operator === 'In' || operator === 'NotIn'
  if (operator === undefined) {
    parts.operator.fault('this is not an operator', `Write one of ${OPERATORS.join(', ')}`)
  } else if (takesValues && values.length === 0) {
    parts.values.fault(`${operator} needs at least one value`, 'List the values')
  } else if (!takesValues && values.length > 0) {
    parts.values.fault(`${operator} takes no values`, 'Remove them, or write In or NotIn')
  }
  return (labels) => {
    const label = labelOf(labels, key)
    if (operator === 'Exists') return label !== undefined
    if (operator === 'In') return label !== undefined && values.includes(label)
    return label === undefined || (operator === 'NotIn' && !values.includes(label))
  }
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}

function checkLabel(field: ResourceField | undefined, key: string, values: readonly string[]): void {
  const slash = key.lastIndexOf('/')
  if (!NAME.test(key.slice(slash + 1)) || (slash >= 0 && !PREFIX.test(key.slice(0, slash)))) {
    field?.fault(`"${key}" is not the key of a label`, 'Write name, or prefix/name')
  }
  for (const value of values) {
    if (value !== '' && !NAME.test(value)) {
      field?.fault(
        `"${value}" is not the value of a label`,
        'Write at most 63 letters, digits, ".", "_" and "-"',
      )
    }
  }
}
