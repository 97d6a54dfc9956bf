import { humanDuration } from '../age.ts'
import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'
import { podImages } from '../application/pod-images.ts'
import { UserError } from '../errors.ts'
import type { After } from '../rules/controls.ts'
import { argoState } from './argo-state.ts'
import { type EngineContext, registryFor } from './context.ts'
import type { Winner } from './decide.ts'
import type { Gate } from './gate.ts'
import type { ManagedImage } from './managed-image.ts'

/**
 * `after`: the other Application runs the very image, and has been Healthy and Synced on it for long enough.
 * What cannot be found out keeps the gate shut. Nothing where the rule waits for nobody.
 */
export async function afterGate(
  context: EngineContext,
  { application, rule }: ManagedImage,
  winner: Winner,
): Promise<Gate[]> {
  const { after } = rule.controls
  if (after === undefined) return []
  const wait = (reason: string, until?: Date): Gate[] => [
    { name: 'after', reason: `${after.application}: ${reason}`, verdict: 'wait', ...(until && { until }) },
  ]
  try {
    const other = await context.applications.find(fullName(after, application))
    if (other === undefined) return wait('which Application is meant cannot be told')
    const digest = winner.digest || (await registryFor(context, rule).resolveDigest(rule.image, winner.tag))
    const { pods, problem } = await context.workloadsOf(other)
    const { digests } = podImages(pods, rule.image)
    if (digests.length === 0) return wait(problem || 'no Pod of it runs the image')
    const { manifests } = await registryFor(context, rule).describe(rule.image, digest, rule.platforms)
    const same = new Set([digest, ...manifests])
    if (!digests.every((running) => same.has(running))) return wait(`it does not run ${winner.tag} yet`)
    const { sync, health } = argoState(other)
    if (sync !== 'Synced' || health !== 'Healthy') {
      return wait(
        `it runs ${winner.tag}, and is ${[sync, health].filter(Boolean).join(', ') || 'not compared yet'}`,
      )
    }
    return settledGate(after, other, winner, context.now(), wait)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return wait(error.message)
  }
}

function settledGate(
  after: After,
  other: Application,
  { tag }: Winner,
  now: Date,
  wait: (reason: string, until?: Date) => Gate[],
): Gate[] {
  const since = settledSince(other)
  if (since === undefined && after.duration > 0) {
    return wait(`it runs ${tag} Healthy and Synced, and Argo CD does not tell since when`)
  }
  const until = new Date((since?.getTime() ?? 0) + after.duration)
  if (until > now) {
    const left = humanDuration(until.getTime() - now.getTime())
    return wait(`Healthy and Synced on ${tag} for ${humanDuration(after.duration)} in ${left}`, until)
  }
  return [{ name: 'after', reason: `${after.application} runs ${tag}, Healthy and Synced`, verdict: 'ok' }]
}

/** The last time anything about it changed: a sync, or its health; undefined where Argo CD tells neither. */
function settledSince(application: Application): Date | undefined {
  const status = applicationField(application).member('status')
  const history = status.member('history').items().at(-1)
  const moments = [
    status.member('health').member('lastTransitionTime').text(),
    status.member('operationState').member('finishedAt').text(),
    history?.member('deployedAt').text() ?? '',
  ]
  const times = moments.map((text) => Date.parse(text)).filter(Number.isFinite)
  return times.length > 0 ? new Date(Math.max(...times)) : undefined
}

function fullName({ application }: After, { metadata }: Application): string {
  return application.includes('/') || !metadata.namespace
    ? application
    : `${metadata.namespace}/${application}`
}
