import type { Application } from '../../src/lib/application/application.ts'
import { CHANGE_RECORD } from '../../src/lib/application/change-record.ts'
import { type ManagedImages, manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { type ApplicationText, applicationOf } from './world.ts'

/** A deployment as Argo CD notes it; `images` are those of a Kustomize source. */
export interface DeploymentText {
  readonly id: number
  readonly images?: readonly string[]
  /** Minutes after 11:00 on the day of the tests. */
  readonly minute: number
  readonly by?: string
}

/** An Application with a past: what Argo CD deployed, and what our record says. */
export function withPast(
  text: ApplicationText,
  deployments: readonly DeploymentText[],
  record: readonly Record<string, unknown>[] = [],
): Application {
  const application = applicationOf(text)
  const history = deployments.map(({ by, id, images, minute }) => ({
    deployedAt: momentOf(minute),
    id,
    initiatedBy: by ? { username: by } : { automated: true },
    revision: `${id}`.repeat(40).slice(0, 40),
    source: { repoURL: 'https://git.example.com/r', ...(images && { kustomize: { images } }) },
  }))
  const entries = record.map((entry, index) => ({
    by: 'ann',
    digest: '',
    from: '',
    how: 'update',
    image: 'web',
    number: index + 1,
    reason: '',
    ...entry,
  }))
  const { annotations } = application.metadata
  return {
    ...application,
    metadata: {
      ...application.metadata,
      annotations: { ...annotations, ...(record.length > 0 && { [CHANGE_RECORD]: JSON.stringify(entries) }) },
    },
    status: { ...application.status, history },
  }
}

/** RFC 3339 of so many minutes after 11:00 on the day of the tests. */
export function momentOf(minute: number): string {
  return new Date(Date.UTC(2026, 2, 1, 11, minute)).toISOString().replace('.000Z', 'Z')
}

export function managedBy(application: Application): ManagedImages {
  return manageImages([application], readAnnotationRules)
}
