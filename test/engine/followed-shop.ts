import type { Application } from '../../src/lib/application/application.ts'
import type { FollowGoal } from '../../src/lib/engine/follow-state.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { application } from '../application/applications.ts'

const OLD = 'ghcr.io/shop/web:1.0'
export const NEW = 'ghcr.io/shop/web:1.1'

/** What Argo CD says of the shop, in few words. */
export interface Report {
  /** Override of the spec; default the new one. */
  readonly spec?: string
  /** Override of what Argo CD compared with; default the spec's. */
  readonly compared?: string
  readonly sync?: string
  readonly health?: string
  /** Images that run; default the new one. */
  readonly live?: readonly string[]
  /** `status.operationState`; default the one from before the write. */
  readonly operation?: object
  readonly automated?: boolean
  readonly status?: object
  readonly uid?: string
}

const OPERATION_BEFORE = { phase: 'Succeeded', startedAt: '2026-01-01T00:00:00Z' }

/** The shop after the write, as Argo CD reports it. */
export function shop(report: Report): Application {
  const { spec = NEW, compared = spec, sync = 'Synced', health = 'Healthy', live = [NEW] } = report
  const source = (image: string) => ({
    repoURL: 'https://git.example.com/r',
    kustomize: { images: [image] },
  })
  const syncPolicy = report.automated === false ? {} : { automated: {} }
  return application(
    { source: source(spec), syncPolicy },
    {
      health: { status: health },
      operationState: report.operation ?? OPERATION_BEFORE,
      sourceType: 'Kustomize',
      summary: { images: live },
      sync: { comparedTo: { source: source(compared) }, status: sync },
      ...report.status,
    },
    { uid: report.uid ?? 'u1' },
  )
}

/** As the API server answers the write: the new override, and Argo CD's report on the old one. */
export const JUST_WRITTEN: Report = { compared: OLD, live: [OLD] }

export function goal(written: Report = JUST_WRITTEN, more: Partial<FollowGoal> = {}): FollowGoal {
  return {
    overrides: [{ image: parseImageReference(NEW), targets: {} }],
    syncRequested: false,
    written: shop(written),
    ...more,
  }
}
