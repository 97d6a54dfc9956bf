import type { Application } from '../../lib/application/application.ts'
import { loadManagedImages } from '../../lib/engine/load.ts'
import type { ManagedImages } from '../../lib/engine/managed-image.ts'
import { UserError } from '../../lib/errors.ts'
import type { Session } from './session.ts'

/** The one Application that a person named, with its rules. @throws ApplicationProblem where it is not there */
export async function namedApplication(
  session: Session,
  name: string,
): Promise<{ readonly application: Application; readonly managed: ManagedImages }> {
  const { problems, ...managed } = await loadManagedImages(session.engine, { names: [name] })
  const [problem] = problems
  if (problem) throw problem
  const [application, ...others] = managed.applications
  if (application && others.length === 0) return { application, managed }
  throw new UserError(`which namespace is application "${name}" in?`, 'Write namespace/name, or -n')
}
