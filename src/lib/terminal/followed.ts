import type { FollowEvent } from '../engine/follow.ts'

const WORDS: Readonly<Record<FollowEvent['state'], string>> = {
  degraded: 'Degraded',
  failed: 'failed',
  healthy: 'Healthy',
  'not-syncing': 'not synced',
  stopped: 'not followed any more',
  synced: 'Synced',
  'timed-out': 'not there in time',
  waiting: 'waits',
}

/** `shop: Degraded: deployment/web has no Pod that is ready`: what became of a write, in one line. */
export function outcomeText({ application, object, ...outcome }: FollowEvent): string {
  const name = application.slice(application.indexOf('/') + 1)
  const what = object.startsWith('application/') ? name : `${name} ${object}`
  return `${what}: ${stateText(outcome)}`
}

/** The same without its subject, for a row that has it already. */
export function stateText({
  state,
  sync,
  health,
  message,
}: Pick<FollowEvent, 'state' | 'sync' | 'health' | 'message'>): string {
  // What Argo CD reported before it looked at what was written is no answer to the write.
  if (state === 'waiting') return message || WORDS.waiting
  const argo = [sync, health].filter(Boolean).join(', ')
  const word = argo !== '' && state === 'synced' ? argo : WORDS[state]
  return state === 'healthy' || message === '' ? word : `${word}: ${message}`
}

export function outcomeStyle({ state }: Pick<FollowEvent, 'state'>): 'green' | 'red' | 'yellow' | 'dim' {
  if (state === 'healthy') return 'green'
  if (state === 'degraded' || state === 'failed') return 'red'
  return state === 'timed-out' || state === 'not-syncing' ? 'yellow' : 'dim'
}

/** As documented (docs/schema/image-updater-v1.json). */
export function outcomeDocument(outcome: FollowEvent): Record<string, unknown> {
  const { application, object, state, sync, health, phase, message, degradedBefore } = outcome
  const [namespace = '', name = ''] = application.split('/')
  return { application: name, namespace, object, state, sync, health, phase, message, degradedBefore }
}
