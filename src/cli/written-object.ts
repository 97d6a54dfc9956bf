import type { Application } from '../lib/application/application.ts'
import { printable } from '../lib/terminal/escape.ts'
import { renderAnswer } from '../lib/terminal/output.ts'
import type { Session } from './session.ts'

/**
 * What became of an object, as kubectl tells it: a line for people, its name, or the object as it is now.
 *
 * @param message begins with {@link objectName}
 */
export function showWritten(session: Session, object: object, message: string): void {
  if (session.forPeople || session.format.kind === 'name') {
    const shown = session.format.kind === 'name' ? (message.split(' ', 1)[0] ?? '') : message
    session.out.write(`${printable(shown)}\n`)
  } else {
    const document = { ...object, items: [object] }
    const shown =
      session.format.kind === 'json' || session.format.kind === 'yaml'
        ? (object as typeof document)
        : document
    process.stdout.write(
      renderAnswer({ columns: [], document: shown, name: () => '', rows: [] }, session.format),
    )
  }
}

/** `application.argoproj.io/shop`, as kubectl names an object. */
export function objectName({ metadata }: Application): string {
  return `application.argoproj.io/${metadata.name}`
}
