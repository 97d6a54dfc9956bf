import type { KubernetesObject } from '../lib/application/kubernetes-object.ts'
import { printable } from '../lib/terminal/escape.ts'
import { renderObjects } from '../lib/terminal/objects.ts'
import type { Outcome } from '../lib/writeback/apply.ts'
import { recordOperations } from '../lib/writeback/record-write.ts'
import type { ObjectWrite } from '../lib/writeback/write.ts'
import type { Session } from './session/session.ts'

/**
 * What became of an object, as kubectl tells it: a line for people, its name, or the object as it is now.
 *
 * @param message begins with {@link objectName}
 */
export function showWritten(session: Session, object: KubernetesObject, message: string): void {
  tellWritten(session, message)
  showObjects(session, [object])
}

/** The line for people, or the name. */
export function tellWritten(session: Session, message: string): void {
  if (!session.forPeople && session.format.kind !== 'name') return
  const shown = session.format.kind === 'name' ? (message.split(' ', 1)[0] ?? '') : message
  session.out.write(`${printable(shown)}\n`)
}

/** The objects themselves, where neither lines nor names are asked for. */
export function showObjects(session: Session, objects: readonly KubernetesObject[]): void {
  if (session.forPeople || session.format.kind === 'name') return
  process.stdout.write(renderObjects(objects, session.format, objectName))
}

/** The object after a write, or as it would be; with `--dry-run=client` nobody but the write itself knows that. */
export async function objectAfter(write: ObjectWrite, outcome: Outcome): Promise<KubernetesObject> {
  if ('object' in outcome && outcome.object) return outcome.object
  const { patchedValue } = await import('../lib/manifests/patched-value.ts')
  const operations = [...write.operations, ...recordOperations(write, write.read)]
  return (patchedValue(write.read, operations) as KubernetesObject | undefined) ?? write.read
}

/** `application.argoproj.io/shop`, as kubectl names an object. */
export function objectName({ metadata }: KubernetesObject): string {
  return `application.argoproj.io/${metadata.name}`
}
