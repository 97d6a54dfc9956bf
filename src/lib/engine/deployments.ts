import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'
import { MalformedFieldError, type ObjectField } from '../application/object-field.ts'
import { runningImages } from '../application/running-images.ts'
import { tagWithDigest } from '../image/reference.ts'
import type { UpdateRule } from '../rules/update-rule.ts'

/** One sync of an Application as Argo CD notes it in `status.history`, and the image that its spec had then. */
export interface Deployment {
  /** Argo CD's own number, as `argocd app history` shows it. */
  readonly id: number
  readonly at: Date
  /** Who asked for the sync; `Argo CD` where it synced by itself. */
  readonly by: string
  /** The revision that was deployed; of several sources the one that has the image. */
  readonly commit: string
  /** Tag and digest by the spec of then, `1.5.0`; '' where that named none. */
  readonly image: string
}

/** What Argo CD still knows of earlier syncs, oldest first. An entry that has not its shape is left out. */
export function deploymentsOf(application: Application, rule: UpdateRule): readonly Deployment[] {
  const entries = orNothing(() => applicationField(application).member('status').member('history').items())
  return (entries ?? [])
    .flatMap((entry) => orNothing(() => readDeployment(application, rule, entry)) ?? [])
    .toSorted((a, b) => a.id - b.id)
}

function readDeployment(application: Application, rule: UpdateRule, entry: ObjectField): Deployment[] {
  const id = entry.member('id').value
  const at = new Date(entry.member('deployedAt').text())
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || Number.isNaN(at.getTime())) return []
  const initiated = entry.member('initiatedBy')
  const { declared, source } = runningImages(asDeployed(application, entry), rule)
  const revisions = entry.member('revisions').items()
  const revision = revisions[source.index ?? 0] ?? entry.member('revision')
  return [
    {
      at,
      by: initiated.member('username').text() || (initiated.member('automated').flag() ? 'Argo CD' : ''),
      commit: revision.text(),
      id,
      image: declared.image ? tagWithDigest(declared.image) : '',
    },
  ]
}

/** The Application with the source that was deployed then: an override is read from it as from any other. */
function asDeployed(application: Application, entry: ObjectField): Application {
  const { source, sources, sourceHydrator: _, ...spec } = application.spec
  const then = [entry.member('sources').value, entry.member('source').value]
  const [several, single] = then as [typeof sources, typeof source]
  return {
    ...application,
    spec: { ...spec, ...(several && { sources: several }), ...(single && { source: single }) },
  }
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof MalformedFieldError) return undefined
    throw error
  }
}
