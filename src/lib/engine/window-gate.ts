import type { Application } from '../application/application.ts'
import { isMissing, type ProjectRead } from '../cluster/projects.ts'
import { syncWindowState } from '../windows/sync-windows.ts'
import type { TimeWindow } from '../windows/time-window.ts'
import { type WindowState, windowState } from '../windows/window-state.ts'
import type { Gate } from './gate.ts'

/** Whether a proposal may be written now. `warning` stops nothing, but what is written may not be synced. */
export type WindowGate = Gate & {
  readonly name: 'update-window' | 'sync-window'
  readonly verdict: 'ok' | 'wait' | 'warning'
}

/**
 * The gates of time: the windows of the rule, and those of the Application's AppProject.
 *
 * An AppProject that may not be read stops nothing: Argo CD itself still keeps to its sync windows, and an
 * operator without the right to read AppProjects has to be able to work.
 *
 * @param windows of the key `update-window`; undefined when the rule has none
 * @param project undefined where there is no cluster to ask, as with manifests on disk
 */
export function windowGates(
  windows: readonly TimeWindow[] | undefined,
  project: ProjectRead | undefined,
  application: Application,
  now: Date,
): WindowGate[] {
  const gates = windows ? [gateOf('update-window', windowState(windows, now))] : []
  return project ? [...gates, syncWindow(project, application, now)] : gates
}

function syncWindow(read: ProjectRead, application: Application, now: Date): WindowGate {
  if ('project' in read) return gateOf('sync-window', syncWindowState(read.project, application, now))
  const { name, problem } = read.problem
  if (isMissing(read.problem)) {
    return { name: 'sync-window', reason: `there is no AppProject "${name}"`, verdict: 'ok' }
  }
  const reason = `sync windows are not known, the AppProject cannot be read: ${problem}`
  return { name: 'sync-window', reason, verdict: 'warning' }
}

function gateOf(name: WindowGate['name'], { changesAt, open, reason }: WindowState): WindowGate {
  if (open) return { name, reason, verdict: 'ok' }
  return { name, reason, verdict: 'wait', ...(changesAt && { until: changesAt }) }
}
