import type { Application } from '../application/application.ts'
import type { ManagedImages } from '../engine/managed-image.ts'
import { labelSelector } from '../manifests/label-selector.ts'
import { possibleOverlaps, type ShardSelector } from './shards.ts'

const MOST_NAMED = 5

/** What is odd about how Applications with rules are divided, one line each. */
export function shardWarnings(
  shards: readonly ShardSelector[],
  { applications, faulty, images }: Pick<ManagedImages, 'applications' | 'faulty' | 'images'>,
): string[] {
  if (shards.length === 0) return []
  const ruled = new Set([...images, ...faulty].map(({ application }) => application))
  const tests = shards.map(({ name, selector }) => ({ name, has: labelSelector(selector) }))
  const shardsOf = new Map(
    applications
      .filter((application) => ruled.has(application))
      .map((application) => [
        application,
        tests.filter(({ has }) => has(application.metadata.labels ?? {})).map(({ name }) => name),
      ]),
  )
  const inSeveral = Map.groupBy(
    [...shardsOf].filter(([, names]) => names.length > 1),
    ([, names]) => names.join(' and '),
  )
  const inNone = [...shardsOf].filter(([, names]) => names.length === 0).map(([application]) => application)
  const empty = shards.filter(({ name }) => ![...shardsOf.values()].some((names) => names.includes(name)))
  return [
    ...[...inSeveral].map(
      ([names, entries]) =>
        `${named(entries.map(([application]) => application))} would be watched by the shards ${names} at once`,
    ),
    ...(inNone.length > 0 ? [`${named(inNone)} would be watched by no shard`] : []),
    ...empty.map(({ name }) => `shard ${name} has no Application with rules now`),
    // Where some are in common already, nobody needs to hear that some might be.
    ...(inSeveral.size === 0 ? overlapWarnings(shards) : []),
  ]
}

/** What the selectors alone tell. */
export function overlapWarnings(shards: readonly ShardSelector[]): string[] {
  return possibleOverlaps(shards).map(
    ([one, other]) =>
      `the shards ${one.name} (${one.selector}) and ${other.name} (${other.selector}) may have Applications in common: give each a value of one label`,
  )
}

function named(applications: readonly Application[]): string {
  const names = applications.map(({ metadata }) => metadata.name)
  const shown = names.slice(0, MOST_NAMED).join(', ')
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown
}
