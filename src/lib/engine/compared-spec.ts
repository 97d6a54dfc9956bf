import { isDeepStrictEqual } from 'node:util'
import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'
import type { ObjectField } from '../application/object-field.ts'

/**
 * Whether Argo CD has compared the spec as it is now. Where it does not say what it compared with, a comparison
 * since the write has to do.
 */
export function hasCompared(application: Application, written: Application): boolean {
  const root = applicationField(application)
  if (root.member('spec').member('sourceHydrator').value !== undefined) return hasHydrated(root)
  const compared = root.member('status').member('sync').member('comparedTo')
  if (compared.value !== undefined) {
    return isDeepStrictEqual(overridesIn(compared), overridesIn(root.member('spec')))
  }
  const at = (one: Application) => applicationField(one).member('status').member('reconciledAt').text()
  return at(application) !== '' && at(application) !== at(written)
}

/**
 * Whether Argo CD has compared other revisions than before. Of a commit it may never tell, where another one came
 * on top of it before it looked.
 */
export function hasMoved(application: Application, before: Application): boolean {
  const revisionsOf = (one: Application) => {
    const sync = applicationField(one).member('status').member('sync')
    return [sync.member('revision').value, sync.member('revisions').value]
  }
  return !isDeepStrictEqual(revisionsOf(application), revisionsOf(before))
}

/** With a hydrator, the spec is rendered into another branch first: its commit is what gets compared. */
function hasHydrated(root: ObjectField): boolean {
  const status = root.member('status')
  const last = status.member('sourceHydrator').member('lastSuccessfulOperation')
  const dry = last.member('sourceHydrator').member('drySource')
  const commit = last.member('hydratedSHA').text()
  return (
    commit !== '' &&
    commit === status.member('sync').member('revision').text() &&
    isDeepStrictEqual(
      overridesOf(dry),
      overridesOf(root.member('spec').member('sourceHydrator').member('drySource')),
    )
  )
}

/** Whether the last operation began after the write, and synced what the spec says as far as that is known. */
export function isOperationSince(application: Application, written: Application): boolean {
  const operationOf = (one: Application) => applicationField(one).member('status').member('operationState')
  const [now, before] = [operationOf(application), operationOf(written)]
  if (now.value === undefined || isSameOperation(now, before)) return false
  const result = now.member('syncResult')
  const known = result.member('source').value !== undefined || result.member('sources').items().length > 0
  const spec = applicationField(application).member('spec')
  return !known || isDeepStrictEqual(overridesIn(result), overridesIn(spec))
}

/** By its start while it was under way; else by all there is, for two can begin in the same second. */
function isSameOperation(now: ObjectField, before: ObjectField): boolean {
  if (before.member('phase').text() === 'Running') {
    return now.member('startedAt').text() === before.member('startedAt').text()
  }
  return isDeepStrictEqual(now.value, before.value)
}

/** The overrides of each source. */
function overridesIn(holder: ObjectField): readonly unknown[] {
  const several = holder.member('sources').items()
  return (several.length > 0 ? several : [holder.member('source')]).map(overridesOf)
}

/** The blocks of a source that override images. */
function overridesOf(source: ObjectField): readonly unknown[] {
  return ['kustomize', 'helm', 'plugin'].map((block) => withoutEmpty(source.member(block).value))
}

/** Argo CD leaves out what is empty when it writes a source down. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) {
    return value === '' || value === false || value === null ? undefined : value
  }
  const kept = Object.entries(value)
    .map(([key, member]): [string, unknown] => [key, withoutEmpty(member)])
    .filter(([, member]) => member !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
