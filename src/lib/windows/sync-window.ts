import type { ObjectField } from '../application/object-field.ts'
import { matchesProjectGlob } from './project-glob.ts'
import { readWindow, type TimeWindow, TimeWindowError } from './time-window.ts'

/** What of an Application decides which sync windows are its own. */
export interface SyncTarget {
  readonly application: string
  readonly namespace: string
  /** Of the destination; '' where the other names it. */
  readonly server: string
  readonly clusterName: string
}

/** A window of an AppProject that can be read. */
export interface SyncWindow extends TimeWindow {
  /** Whether a manual sync passes where an automated one does not. */
  readonly manualSync: boolean
}

/**
 * Whether a window of `spec.syncWindows` is meant for an Application: one of its lists `applications`,
 * `namespaces` and `clusters` matches; with `andOperator` every list that is there. One without lists is
 * meant for none.
 *
 * @throws MalformedFieldError when a field has another shape than its type promises.
 */
export function appliesTo(window: ObjectField, target: SyncTarget): boolean {
  const lists: [name: string, texts: readonly string[]][] = [
    ['applications', [target.application]],
    ['namespaces', [target.namespace]],
    ['clusters', [target.clusterName, target.server].filter((text) => text !== '')],
  ]
  const answers = lists.flatMap(([name, texts]) => {
    const globs = window
      .member(name)
      .items()
      .map((item) => item.text())
    return globs.length === 0 ? [] : [texts.some((text) => matchesProjectGlob(globs, text))]
  })
  const every = window.member('andOperator').flag()
  return answers.length > 0 && (every ? answers.every(Boolean) : answers.some(Boolean))
}

const ZONE_PREFIX = /^(?:CRON_)?TZ=(\S+)\s+/

/**
 * Reads a window of `spec.syncWindows`. Argo CD's cron also takes a time zone as prefix of the schedule
 * (`CRON_TZ=Europe/Berlin 0 22 * * *`), which is right only where `timeZone` shifts nothing.
 *
 * @throws UserError as readWindow, or MalformedFieldError.
 */
export function readSyncWindow(window: ObjectField): SyncWindow {
  const text = (name: string) => window.member(name).text()
  const schedule = text('schedule').trim()
  const timeZone = text('timeZone')
  const prefix = ZONE_PREFIX.exec(schedule)
  if (prefix && timeZone !== '' && timeZone !== 'UTC') {
    throw new TimeWindowError(
      'it has a time zone in its schedule and another in timeZone',
      'Take the one in the schedule away',
    )
  }
  const read = readWindow({
    duration: text('duration'),
    kind: text('kind'),
    schedule: prefix ? schedule.slice(prefix[0].length) : schedule,
    timeZone: prefix?.[1] ?? timeZone,
  })
  return { ...read, manualSync: window.member('manualSync').flag() }
}
