import type { FieldChange } from '../application/field-change.ts'
import { type JsonPatchOperation, pointerStep } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { RestartContainer } from './restart-container.ts'
import { templateOf } from './rolled-digests.ts'

/** A part of a write: for the API server, and for the person who is asked. */
export interface Step {
  readonly operations: readonly JsonPatchOperation[]
  readonly fields: readonly FieldChange[]
}

/** That the container is still the one in this place of the list, with this image. */
export function containerTests({ field }: RestartContainer): readonly JsonPatchOperation[] {
  return ['name', 'image'].map((member) => {
    const { pointer, value } = field.member(member)
    return { op: 'test', path: pointer, value }
  })
}

/** Adds the annotations, and whatever of the template's metadata is not there to hold them. */
export function annotationStep(object: KubernetesObject, wanted: Readonly<Record<string, string>>): Step {
  const metadata = templateOf(object).member('metadata')
  const annotations = metadata.member('annotations')
  const fields = Object.entries(wanted).map(([key, after]) => ({
    field: `${annotations.path}[${key}]`,
    before: annotations.member(key).text(),
    after,
  }))
  if (metadata.value === undefined) {
    return { operations: [{ op: 'add', path: metadata.pointer, value: { annotations: wanted } }], fields }
  }
  if (annotations.value === undefined) {
    return { operations: [{ op: 'add', path: annotations.pointer, value: wanted }], fields }
  }
  const operations = Object.entries(wanted).flatMap(([key, value]) =>
    setOperations(annotations.member(key).value, `${annotations.pointer}/${pointerStep(key)}`, value),
  )
  return { operations, fields }
}

/**
 * Nothing where the policy is Always, or absent for the tag `latest`, for which Kubernetes itself takes
 * Always. Absent elsewhere (custom resources are not filled in), it would become IfNotPresent in the Pod.
 */
export function pullPolicyStep({ field, image }: RestartContainer): Step {
  const policy = field.member('imagePullPolicy')
  const before = policy.text()
  const alwaysByDefault = before === '' && (image.tag === '' || image.tag === 'latest')
  if (before === 'Always' || alwaysByDefault) return { operations: [], fields: [] }
  return {
    operations: setOperations(policy.value, policy.pointer, 'Always'),
    fields: [{ field: policy.path, before, after: 'Always' }],
  }
}

function setOperations(before: unknown, path: string, value: string): readonly JsonPatchOperation[] {
  if (before === undefined) return [{ op: 'add', path, value }]
  return [
    { op: 'test', path, value: before },
    { op: 'replace', path, value },
  ]
}
