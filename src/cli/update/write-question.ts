import type { Application } from '../../lib/application/application.ts'
import type { Session } from '../session/session.ts'

/** The question names what is written and where, so that nobody answers for the wrong cluster. */
export function writeQuestion(session: Session, application: Application): string {
  return `Write to ${application.metadata.name} ${session.engine.applications.whereIs(application)}?`
}
