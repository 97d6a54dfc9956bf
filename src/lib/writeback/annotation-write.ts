import type { Application } from '../application/application.ts'
import { type JsonPatchOperation, pointerStep } from '../application/json-patch.ts'
import { applicationPath } from '../cluster/applications.ts'
import { resourceVersionTest } from './resource-version.ts'
import type { ObjectWrite } from './write.ts'

/** Annotations to put and to take away, by full name. */
export interface AnnotationDifference {
  readonly set: Readonly<Record<string, string>>
  readonly remove: readonly string[]
}

/**
 * The write that changes these annotations of an Application and no other. Undefined when there is nothing
 * to change.
 */
export function annotationWrite(
  application: Application,
  { set, remove }: AnnotationDifference,
): ObjectWrite | undefined {
  const names = [...Object.keys(set), ...remove]
  if (names.length === 0) return undefined
  const before = application.metadata.annotations
  const { name, namespace = '' } = application.metadata
  return {
    fields: names.map((key) => ({
      after: set[key] ?? '',
      before: before?.[key] ?? '',
      field: `metadata.annotations[${key}]`,
    })),
    kind: 'application.argoproj.io',
    operations: [
      ...resourceVersionTest(application),
      ...(before ? names.flatMap((key) => stepsFor(key, before[key], set[key])) : [addAll(set)]),
    ],
    path: applicationPath(namespace, name),
    read: application,
    summary: 'annotate',
  }
}

function addAll(set: Readonly<Record<string, string>>): JsonPatchOperation {
  return { op: 'add', path: '/metadata/annotations', value: set }
}

function stepsFor(key: string, before: string | undefined, after: string | undefined): JsonPatchOperation[] {
  const path = `/metadata/annotations/${pointerStep(key)}`
  const test: JsonPatchOperation[] = before === undefined ? [] : [{ op: 'test', path, value: before }]
  if (after === undefined) return [...test, { op: 'remove', path }]
  return [...test, { op: before === undefined ? 'add' : 'replace', path, value: after }]
}

/** The Application as it would be with these annotations. */
export function annotatedObject(
  application: Application,
  { set, remove }: AnnotationDifference,
): Application {
  const annotations = { ...application.metadata.annotations, ...set }
  for (const name of remove) delete annotations[name]
  return { ...application, metadata: { ...application.metadata, annotations } }
}
