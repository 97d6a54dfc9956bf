import { identityText } from '../cluster/operator-identity.ts'
import type { LeaseEvent } from '../engine/watch-lease.ts'
import { errorText } from './error-line.ts'
import { printable } from './escape.ts'

/**
 * What happened to the turn of a watch, as one line for people.
 *
 * @param context of the cluster, where a watch has several; else ''
 */
export function leaseLine(event: LeaseEvent, context = ''): string {
  return printable(`${context && `${context} `}lease: ${leaseText(event)}`)
}

/** The same as one item of `watch -o json` (docs/schema/image-updater-v1.json, kind WatchEvent). */
export function leaseDocument(event: LeaseEvent, context = ''): Record<string, unknown> {
  const other = event.type === 'acquired' ? event.from : event.type === 'waiting' ? event.holder : ''
  return {
    apiVersion: 'image-updater/v1',
    kind: 'WatchEvent',
    type: 'lease',
    at: event.at.toISOString(),
    state: event.type,
    holder: identityText(other),
    message: leaseLine(event),
    ...(context !== '' && { context }),
  }
}

function leaseText(event: LeaseEvent): string {
  switch (event.type) {
    case 'acquired':
      return event.from === '' ? 'this watch has the turn' : `taken over from ${identityText(event.from)}`
    case 'waiting':
      return `${identityText(event.holder)} has the turn, this watch looks on`
    case 'lost':
      return `lost, nothing is written: ${event.reason}`
    case 'unreachable':
      return errorText(event.error)
  }
}
