import type { Application } from '../application/application.ts'
import { CHANGE_RECORD, type ChangeEntry, extendedRecord } from '../application/change-record.ts'
import { type JsonPatchOperation, pointerStep } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { applicationPath } from '../cluster/applications.ts'
import { resourceVersionTest } from './resource-version.ts'
import type { ObjectWrite } from './write.ts'

const ANNOTATIONS = '/metadata/annotations'

/** What has to follow the operations of a write, so that its entries are in the record of `object`. */
export function recordOperations(
  { operations, record = [] }: ObjectWrite,
  object: KubernetesObject,
): readonly JsonPatchOperation[] {
  if (record.length === 0) return []
  const text = extendedRecord(object, record)
  const hasAnnotations =
    object.metadata.annotations !== undefined || operations.some(({ path }) => path === ANNOTATIONS)
  return [
    hasAnnotations
      ? { op: 'add', path: `${ANNOTATIONS}/${pointerStep(CHANGE_RECORD)}`, value: text }
      : { op: 'add', path: ANNOTATIONS, value: { [CHANGE_RECORD]: text } },
  ]
}

/** The write that only notes something: a change that was made elsewhere, in the workloads. */
export function recordWrite(application: Application, record: readonly ChangeEntry[]): ObjectWrite {
  const { name, namespace = '' } = application.metadata
  return {
    fields: [],
    kind: 'application.argoproj.io',
    operations: resourceVersionTest(application),
    path: applicationPath(namespace, name),
    read: application,
    record,
    summary: 'note the change',
  }
}
