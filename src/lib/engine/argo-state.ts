import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'

/** What Argo CD itself says about an Application: a write is worth nothing where it does not sync. */
export interface ArgoState {
  /** `Synced`, `OutOfSync`, `Unknown`; '' where Argo CD has not compared it yet. */
  readonly sync: string
  /** `Healthy`, `Progressing`, …; '' where it is not known yet. */
  readonly health: string
  /** Whether Argo CD syncs a change of the spec by itself. */
  readonly autoSync: boolean
  /** Whether a sync is under way, or asked for. */
  readonly syncing: boolean
  /** Whether the last sync failed. */
  readonly syncFailed: boolean
  /** Whether it was ever synced, as far as its status tells. */
  readonly everSynced: boolean
  /** What keeps it from syncing, one line each: conditions, and the last sync where it failed. */
  readonly troubles: readonly string[]
}

/** @throws MalformedFieldError naming the field that has the wrong shape. */
export function argoState(application: Application): ArgoState {
  const root = applicationField(application)
  const status = root.member('status')
  const automated = root.member('spec').member('syncPolicy').member('automated')
  const operation = status.member('operationState')
  const phase = operation.member('phase').text()
  const sync = status.member('sync').member('status').text()
  const conditions = status.member('conditions').items()
  const troubles = conditions.map(
    (condition) => `${condition.member('type').text()}: ${condition.member('message').text()}`,
  )
  const syncFailed = phase === 'Failed' || phase === 'Error'
  if (syncFailed) troubles.push(`the last sync ${phase.toLowerCase()}: ${operation.member('message').text()}`)
  const synced = phase !== '' || sync === 'Synced' || status.member('history').items().length > 0
  return {
    autoSync: automated.members() !== undefined && automated.member('enabled').value !== false,
    everSynced: synced,
    health: status.member('health').member('status').text(),
    sync,
    syncFailed,
    syncing: phase === 'Running' || phase === 'Terminating' || root.member('operation').value !== undefined,
    troubles,
  }
}
