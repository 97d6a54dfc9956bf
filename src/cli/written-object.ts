import type { KubernetesObject } from '../lib/application/kubernetes-object.ts'
import { printable } from '../lib/terminal/escape.ts'
import { renderObjects } from '../lib/terminal/objects.ts'
import type { Session } from './session.ts'

/**
 * What became of an object, as kubectl tells it: a line for people, its name, or the object as it is now.
 *
 * @param message begins with {@link objectName}
 */
export function showWritten(session: Session, object: KubernetesObject, message: string): void {
  if (session.forPeople || session.format.kind === 'name') {
    const shown = session.format.kind === 'name' ? (message.split(' ', 1)[0] ?? '') : message
    session.out.write(`${printable(shown)}\n`)
  } else {
    process.stdout.write(renderObjects([object], session.format, objectName))
  }
}

/** `application.argoproj.io/shop`, as kubectl names an object. */
export function objectName({ metadata }: KubernetesObject): string {
  return `application.argoproj.io/${metadata.name}`
}
