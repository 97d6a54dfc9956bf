import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { ObjectField } from '../application/object-field.ts'
import { UserError } from '../errors.ts'
import { appliesTo, readSyncWindow, type SyncTarget, type SyncWindow } from './sync-window.ts'
import { TimeWindowError } from './time-window.ts'
import { activeWindows, type WindowState, windowState } from './window-state.ts'

/** What the sync windows of an AppProject say about an Application. */
export interface SyncWindowState extends WindowState {
  /** Whether a sync that a person asks for would pass; `open` is about automated ones. */
  readonly manualSync: boolean
}

const MOST_WINDOWS = 100

/**
 * Whether Argo CD would sync an Application by itself, as far as the sync windows of its AppProject go
 * (argo-cd, SyncWindows.Matches and CanSync). The reason names the AppProject.
 *
 * Where a window that is meant for the Application cannot be read, Argo CD refuses to sync, or reads it in
 * a way that nobody meant: the answer is closed. Windows for others are not looked at.
 */
export function syncWindowState(
  project: KubernetesObject,
  application: Application,
  now: Date,
): SyncWindowState {
  const who = `AppProject "${project.metadata.name}"`
  const field = new ObjectField(who, project).member('spec').member('syncWindows')
  try {
    const count = field.items().length
    if (count === 0) return { manualSync: true, open: true, reason: `${who} has no sync windows` }
    const windows = windowsFor(field, targetOf(application))
    if (windows.length === 0) {
      return { manualSync: true, open: true, reason: `no sync window of ${who} is for this Application` }
    }
    const state = windowState(windows, now)
    return { ...state, manualSync: allowsManual(windows, now), reason: `${who}: ${state.reason}` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { manualSync: false, open: false, reason: `${who} is in doubt: ${error.message}` }
  }
}

function windowsFor(field: ObjectField, target: SyncTarget): SyncWindow[] {
  const meant = field.items().filter((window) => appliesTo(window, target))
  if (meant.length > MOST_WINDOWS) {
    throw new TimeWindowError(
      `${meant.length} sync windows for one Application are more than ${MOST_WINDOWS}`,
    )
  }
  return meant.map((window) => {
    try {
      return readSyncWindow(window)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw new TimeWindowError(`${window.path} cannot be read: ${error.message}`, error.remedy, {
        cause: error,
      })
    }
  })
}

function targetOf(application: Application): SyncTarget {
  const owner = `application "${application.metadata.name}"`
  const destination = new ObjectField(owner, application).member('spec').member('destination')
  const text = (name: string) => destination.member(name).text()
  return {
    application: application.metadata.name,
    clusterName: text('name'),
    namespace: text('namespace'),
    server: text('server'),
  }
}

/** An active deny window has to permit it, all of them; where only an allow window is missing, all of those. */
function allowsManual(windows: readonly SyncWindow[], now: Date): boolean {
  const active = activeWindows(windows, now)
  const denies = active.filter(({ kind }) => kind === 'deny')
  if (denies.length > 0) return denies.every(({ manualSync }) => manualSync)
  if (active.length > 0) return true
  return windows.every(({ kind, manualSync }) => kind === 'deny' || manualSync)
}
